package io.modelbatch.source;

import java.util.List;

/**
 * Finished shards to put into a table.
 *
 * @param id names this load; the same id never loads twice
 * @param table {@code dataset.table}
 * @param mode replace the table's content, or add to it
 * @param format {@code parquet} or {@code jsonl}
 * @param shards addresses of the shards, {@code gs://…}
 * @param columns column names and types of the shards, in order
 * @param rows rows in all shards; another count fails the load
 */
public record TableLoad(
        String id, String table, Mode mode, String format, List<String> shards, List<Column> columns, long rows) {
    /** What becomes of the rows that the table has. */
    public enum Mode {
        REPLACE,
        APPEND
    }

    /**
     * A column of the shards.
     *
     * @param name its name
     * @param type {@code string}, {@code int64}, {@code float64} or {@code scores}
     */
    public record Column(String name, String type) {}
}
