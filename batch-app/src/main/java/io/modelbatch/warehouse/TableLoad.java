package io.modelbatch.warehouse;

import io.modelbatch.result.RecordSchema;
import io.modelbatch.store.StoredObject;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finished shards to put into a table.
 *
 * @param id names this load; the same id never loads twice
 * @param target the table or partition that receives the rows
 * @param format {@code parquet} or {@code jsonl}
 * @param shards the shards as they were verified; another content fails the load
 * @param columns column names and types of the shards, in order
 * @param rows rows in all shards; another count fails the load
 * @param labels of the jobs that load, to tell bills apart
 */
public record TableLoad(
        String id,
        Target target,
        String format,
        List<StoredObject> shards,
        List<RecordSchema.Field> columns,
        long rows,
        Map<String, String> labels) {
    /** Without labels. */
    public TableLoad(
            String id,
            Target target,
            String format,
            List<StoredObject> shards,
            List<RecordSchema.Field> columns,
            long rows) {
        this(id, target, format, shards, columns, rows, Map.of());
    }

    /** The shards' addresses, {@code gs://…}. */
    public List<String> addresses() {
        return shards.stream().map(shard -> shard.uri().toString()).toList();
    }

    /** The policy for the rows that the target has. */
    public enum Mode {
        REPLACE,
        APPEND
    }

    /**
     * A table, or a day of it.
     *
     * @param table {@code dataset.table}
     * @param day the partition of a table that is partitioned by date; null for the whole table
     * @param mode replace the content of table or day, or add to it
     */
    public record Target(String table, @Nullable LocalDate day, Mode mode) {
        /** For a person. */
        @Override
        public String toString() {
            return day == null ? table : table + ", partition " + day;
        }
    }
}
