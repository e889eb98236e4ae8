/**
 * Buckets of Cloud Storage: by its API, and mounted as folders.
 *
 * <p>{@link StoreByBucket} chooses for each bucket {@link CloudStorageStore}, by the API, or {@link MountedStore}, through a mount.
 * Failures that may pass are retried by {@code RetryingStore}.
 */
@NullMarked
package io.modelbatch.store.google;

import org.jspecify.annotations.NullMarked;
