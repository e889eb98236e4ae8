package io.modelbatch.warehouse.google;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of BigQuery.
 *
 * @param location where jobs run, as the data is: {@code EU}, {@code asia-northeast1}, …
 * @param dataset the dataset of pinned results
 * @param expiration how long a pinned result is kept
 * @param maxBytes a query that would bill more is refused; null for no limit
 * @param endpoint BigQuery's address; null for Google's
 * @param storageEndpoint {@code host:port} of the Storage Read API; null for Google's
 */
public record BigQuerySettings(
        String location,
        String dataset,
        Duration expiration,
        @Nullable Long maxBytes,
        @Nullable URI endpoint,
        @Nullable String storageEndpoint) {
    /** The default lifetime of a pinned result. */
    public static final Duration EXPIRATION = Duration.ofDays(30);
}
