package io.modelbatch.source;

import java.util.Map;

/**
 * A query to pin.
 *
 * @param id names the pinned result: a letter, then letters, digits, {@code _} or {@code -}
 * @param query SELECT with {@code @name} for parameters and {@code dataset.table} for tables
 * @param parameters values: {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@code LocalDate} or {@code Instant}
 * @param key the column that names a row
 * @param partitions number of partitions, at least 1
 */
public record Extraction(String id, String query, Map<String, Object> parameters, String key, int partitions) {}
