package io.modelbatch.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.NoCredentials;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.store.ObjectExistsException;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.google.CloudStorageStore;
import io.modelbatch.store.google.StorageServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code latest} in a real bucket's semantics: moved with a precondition on its generation. */
class LatestInCloudStorageTest {
    private static final ObjectUri CATEGORIES = ObjectUri.parse("gs://shop/models/categories");
    private static final int PUBLISHERS = 6;

    @TempDir
    private Path folder;

    private StorageServer server;

    @BeforeEach
    void publish() throws IOException {
        server = StorageServer.start(folder.resolve("server")).bucket("shop");
        for (int version = 0; version <= PUBLISHERS; version++) {
            repository()
                    .publish(DisplayPath.of(Fixture.named("bert-classification").model()), CATEGORIES, "v" + version);
        }
        repository().moveLatest(CATEGORIES, "v0", Optional.empty());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void ofManyWhoSawTheSameOneMovesItAndTheOthersAreTold() throws Exception {
        Optional<ModelRepository.Latest> seen = repository().latest(CATEGORIES);
        List<Callable<String>> publishers = new ArrayList<>();
        for (int version = 1; version <= PUBLISHERS; version++) {
            String name = "v" + version;
            ModelRepository mine = repository();
            publishers.add(() -> {
                mine.moveLatest(CATEGORIES, name, seen);
                return name;
            });
        }

        List<String> winners = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS);
        try {
            for (Future<String> publisher : threads.invokeAll(publishers)) {
                try {
                    winners.add(publisher.get());
                } catch (ExecutionException e) {
                    assertThat(e.getCause())
                            .isInstanceOf(ObjectExistsException.class)
                            .hasMessageContaining(CATEGORIES + "/latest was changed by another process");
                }
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(winners).hasSize(1);
        assertThat(latest()).isEqualTo(winners.get(0));
    }

    @Test
    void whoLooksFirstAndMovesLastIsToldAndOverwritesNothing() throws IOException {
        Optional<ModelRepository.Latest> seen = repository().latest(CATEGORIES);
        repository().moveLatest(CATEGORIES, "v1", seen);
        repository().moveLatest(CATEGORIES, "v0", repository().latest(CATEGORIES)); // the old content, a new generation

        assertThatThrownBy(() -> repository().moveLatest(CATEGORIES, "v2", seen))
                .isInstanceOf(ObjectExistsException.class);

        assertThat(latest()).isEqualTo("v0");
    }

    private String latest() throws IOException {
        return repository().latest(CATEGORIES).orElseThrow().version();
    }

    private ModelRepository repository() {
        return new ModelRepository(
                ObjectStores.retrying(CloudStorageStore.open(
                        new GoogleProject("project", NoCredentials.getInstance()), Optional.of(server.address()))),
                folder.resolve("cache"));
    }
}
