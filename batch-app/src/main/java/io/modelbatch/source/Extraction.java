package io.modelbatch.source;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A query to pin.
 *
 * @param id names the pinned result: a letter, then letters, digits, {@code _} or {@code -}
 * @param query SELECT with {@code @name} for parameters and {@code dataset.table} for tables
 * @param parameters values: {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@code LocalDate} or {@code Instant}
 * @param key the column that names a row
 * @param partitions number of partitions, at least 1
 * @param labels what the query's bill is to be sorted by, as the names of job and run; where bills are written
 * @param maxBytes a query that would bill more is refused; null for the environment's own limit
 */
public record Extraction(
        String id,
        String query,
        Map<String, Object> parameters,
        String key,
        int partitions,
        Map<String, String> labels,
        @Nullable Long maxBytes) {}
