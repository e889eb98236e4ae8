package io.modelbatch.source;

import java.time.Instant;
import java.util.List;

/**
 * A query's result that no longer changes. Kept with the run; a resume reads the same rows or refuses.
 *
 * @param location the warehouse's own name of it
 * @param key the key column
 * @param keyType {@code string} or {@code int64}
 * @param columns all columns, the key among them
 * @param rows rows of each partition
 * @param created when it was pinned
 * @param fingerprint changes with the pinned content
 */
public record PinnedInput(
        String location,
        String key,
        String keyType,
        List<String> columns,
        List<Long> rows,
        Instant created,
        String fingerprint) {
    /** Rows of all partitions. */
    public long totalRows() {
        return rows.stream().mapToLong(Long::longValue).sum();
    }
}
