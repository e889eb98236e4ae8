package io.modelbatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.retrying.RetrySettings;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a store whose requests and answers get lost. */
class RetryingStoreTest extends ObjectStoreContract {
    private static final ObjectUri OBJECT = ObjectUri.parse("gs://bucket/object");
    private static final RetrySettings SOON = RetrySettings.newBuilder()
            .setInitialRetryDelayDuration(Duration.ofMillis(1))
            .setRetryDelayMultiplier(2)
            .setMaxRetryDelayDuration(Duration.ofMillis(8))
            .setMaxAttempts(20)
            .build();

    @TempDir
    private Path root;

    /** Half of all requests or answers get lost. */
    @Override
    protected ObjectStore emptyStore() {
        Random random = new Random(1);
        return new RetryingStore(faulty(() -> Loss.values()[random.nextInt(4) % 3]), SOON);
    }

    @Test
    void aPermanentFailureIsNotTriedAgain() {
        Deque<Loss> losses = new ArrayDeque<>(List.of(Loss.DENIED, Loss.NONE));
        ObjectStore store = new RetryingStore(faulty(losses::remove), SOON);

        assertThatThrownBy(() -> store.list(OBJECT)).isInstanceOf(AccessDeniedException.class);
        assertThat(losses).hasSize(1);
    }

    @Test
    void aFailureThatLastsIsReported() {
        ObjectStore store = new RetryingStore(faulty(() -> Loss.REQUEST), SOON);

        assertThatThrownBy(() -> store.find(OBJECT))
                .isInstanceOf(IOException.class)
                .hasMessage("request lost");
    }

    @Test
    void anotherWritersReplacementIsNotTakenForOurs() throws IOException {
        Deque<Loss> losses = new ArrayDeque<>(List.of(Loss.REQUEST, Loss.NONE, Loss.NONE, Loss.NONE, Loss.NONE));
        ObjectStores.folder(root).replace(OBJECT, new byte[] {1}, Optional.empty());
        ObjectStore store = new RetryingStore(faulty(losses::remove), SOON);

        assertThatThrownBy(() -> store.replace(OBJECT, new byte[] {2}, Optional.empty()))
                .isInstanceOf(ObjectExistsException.class);
    }

    private enum Loss {
        NONE,
        REQUEST,
        ANSWER,
        DENIED
    }

    private interface Losses {
        Loss next();
    }

    private ObjectStore faulty(Losses losses) {
        ObjectStore store = ObjectStores.folder(root);
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    Loss loss = losses.next();
                    if (loss == Loss.REQUEST) {
                        throw new IOException("request lost");
                    }
                    if (loss == Loss.DENIED) {
                        throw new AccessDeniedException("denied");
                    }
                    try {
                        Object answer = method.invoke(store, arguments);
                        if (loss == Loss.ANSWER) {
                            throw new IOException("answer lost");
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
