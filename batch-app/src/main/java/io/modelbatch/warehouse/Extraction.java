package io.modelbatch.warehouse;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A query to pin.
 *
 * @param id names the pinned result: a letter, then letters, digits, {@code _} or {@code -}
 * @param query SELECT with {@code @name} for parameters and {@code dataset.table} for tables
 * @param parameters values: {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@code LocalDate} or {@code Instant}
 * @param key the column that names a row
 * @param uses the columns that are read later; a query that lacks one is refused before it runs
 * @param partitions number of partitions, at least 1
 * @param billing where queries are billed
 */
public record Extraction(
        String id,
        String query,
        Map<String, Object> parameters,
        String key,
        List<Use> uses,
        int partitions,
        Billing billing) {
    /**
     * A column that is read later.
     *
     * @param column its name
     * @param by the reader of it, for a person
     * @param variety how many different values it is to have
     */
    public record Use(String column, String by, Variety variety) {
        /** Of a column that may have any number of different values. */
        public Use(String column, String by) {
            this(column, by, Variety.ANY);
        }

        /** Number of different values that a column must have. */
        public enum Variety {
            ANY,
            /** As labels have: a preview lists them. */
            FEW
        }
    }

    /**
     * The labels of a bill, and its limit.
     *
     * @param labels of the bill, such as the names of job and run
     * @param maxBytes a query that would bill more is refused; null for the environment's own limit
     */
    public record Billing(
            Map<String, String> labels, @Nullable Long maxBytes) {
        /** Without labels and limit. */
        public static final Billing NONE = new Billing(Map.of(), null);
    }
}
