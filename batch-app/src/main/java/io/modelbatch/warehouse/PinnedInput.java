package io.modelbatch.warehouse;

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
    /**
     * Refuses columns that it does not have.
     *
     * @throws WarehouseException names the first, and those that there are
     */
    public void requireColumns(List<String> wanted) {
        for (String column : wanted) {
            if (!columns.contains(column)) {
                throw new WarehouseException(
                        "The query's result has no column '" + column + "'; it has " + String.join(", ", columns));
            }
        }
    }

    /** Rows of all partitions. */
    public long totalRows() {
        return rows.stream().mapToLong(Long::longValue).sum();
    }
}
