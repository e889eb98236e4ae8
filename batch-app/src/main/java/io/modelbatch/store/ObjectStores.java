package io.modelbatch.store;

import com.google.api.gax.retrying.RetrySettings;
import java.nio.file.Path;
import java.time.Duration;

/** The stores there are. */
public final class ObjectStores {
    private static final RetrySettings PATIENCE = RetrySettings.newBuilder()
            .setInitialRetryDelayDuration(Duration.ofMillis(500))
            .setRetryDelayMultiplier(2)
            .setMaxRetryDelayDuration(Duration.ofSeconds(20))
            .setTotalTimeoutDuration(Duration.ofMinutes(2))
            .build();

    private ObjectStores() {}

    /** A folder that stands for buckets: {@code gs://b/x} is the file {@code root/b/x}. */
    public static ObjectStore folder(Path root) {
        return new FolderStore(root);
    }

    /** Asks a store again for two minutes, with growing random pauses, when a failure may pass. */
    public static ObjectStore retrying(ObjectStore store) {
        return new RetryingStore(store, PATIENCE);
    }
}
