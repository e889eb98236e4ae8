package io.modelbatch.store;

import com.google.api.core.NanoClock;
import com.google.api.gax.retrying.BasicResultRetryAlgorithm;
import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.RetryHelper;
import com.google.cloud.RetryHelper.RetryHelperException;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a store again after a failure that may pass: a lost connection, too many requests, an unavailable service. The pauses grow and
 * are random, so that partitions do not come back all at once. What only a person can change is not asked again.
 */
final class RetryingStore implements ObjectStore {
    private static final Logger log = LoggerFactory.getLogger(RetryingStore.class);

    private final ObjectStore store;
    private final RetrySettings settings;

    RetryingStore(ObjectStore store, RetrySettings settings) {
        this.store = store;
        this.settings = settings;
    }

    @Override
    public StoredObject put(ObjectUri uri, Path file) throws IOException {
        return retried(attempt -> store.put(uri, file));
    }

    @Override
    public StoredObject replace(ObjectUri uri, byte[] content, Optional<StoredObject> expected) throws IOException {
        return replaced(() -> store.replace(uri, content, expected), uri, content.length, () -> Crc32c.of(content));
    }

    @Override
    public StoredObject replace(ObjectUri uri, Path file, Optional<StoredObject> expected) throws IOException {
        return replaced(() -> store.replace(uri, file, expected), uri, Files.size(file), () -> Crc32c.of(file));
    }

    @Override
    public Optional<StoredObject> find(ObjectUri uri) throws IOException {
        return retried(attempt -> store.find(uri));
    }

    @Override
    public List<StoredObject> list(ObjectUri folder) throws IOException {
        return retried(attempt -> store.list(folder));
    }

    @Override
    public Map<ObjectUri, Long> sizes(ObjectUri folder) throws IOException {
        return retried(attempt -> store.sizes(folder));
    }

    @Override
    public byte[] beginning(ObjectUri uri, int most) throws IOException {
        return retried(attempt -> store.beginning(uri, most));
    }

    @Override
    public byte[] read(ObjectUri uri) throws IOException {
        return retried(attempt -> store.read(uri));
    }

    @Override
    public void download(ObjectUri uri, Path file) throws IOException {
        retried(attempt -> {
            store.download(uri, file);
            return file;
        });
    }

    @Override
    public Optional<String> region(ObjectUri uri) throws IOException {
        return retried(attempt -> store.region(uri));
    }

    @Override
    public Optional<String> keeping(ObjectUri uri) throws IOException {
        return retried(attempt -> store.keeping(uri));
    }

    @Override
    public Optional<Path> localPath(ObjectUri uri) {
        return store.localPath(uri);
    }

    @Override
    public String location(ObjectUri uri) {
        return store.location(uri);
    }

    @Override
    public void delete(ObjectUri uri) throws IOException {
        retried(attempt -> {
            store.delete(uri);
            return uri;
        });
    }

    /** When an earlier attempt replaced the object and its answer was lost, the object has our content. */
    private StoredObject replaced(Part<StoredObject> replace, ObjectUri uri, long bytes, Part<String> crc32c)
            throws IOException {
        return retried(attempt -> {
            try {
                return replace.get();
            } catch (ObjectExistsException e) {
                if (attempt == 1) {
                    throw e;
                }
                Optional<StoredObject> there = store.find(uri);
                return there.isPresent()
                                && there.get().bytes() == bytes
                                && there.get().crc32c().equals(crc32c.get())
                        ? there.get()
                        : refuse(e);
            }
        });
    }

    @FunctionalInterface
    private interface Part<T> {
        T get() throws IOException;
    }

    private static StoredObject refuse(ObjectExistsException refusal) throws ObjectExistsException {
        throw refusal;
    }

    private <T> T retried(Request<T> request) throws IOException {
        AtomicInteger attempts = new AtomicInteger();
        try {
            return RetryHelper.runWithRetries(
                    () -> request.send(attempts.incrementAndGet()),
                    settings,
                    new RetryWhatMayPass(),
                    NanoClock.getDefaultClock());
        } catch (RetryHelperException e) {
            Throwables.throwIfUnchecked(Objects.requireNonNull(e.getCause()));
            Throwables.throwIfInstanceOf(e.getCause(), IOException.class);
            throw new IOException(e.getCause());
        }
    }

    @FunctionalInterface
    private interface Request<T> {
        T send(int attempt) throws IOException;
    }

    private static final class RetryWhatMayPass extends BasicResultRetryAlgorithm<Object> {
        @Override
        public boolean shouldRetry(@Nullable Throwable failure, @Nullable Object answer) {
            boolean mayPass = failure instanceof IOException
                    && !(failure instanceof FileSystemException)
                    && !(failure instanceof ObjectExistsException);
            if (mayPass) {
                log.warn("Retrying: {}", String.valueOf(failure));
            }
            return mayPass;
        }
    }
}
