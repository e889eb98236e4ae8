package io.modelbatch.warehouse;

import io.modelbatch.result.RecordSchema;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Where rows come from and finished results go: a folder of files, or BigQuery. */
public interface Warehouse extends AutoCloseable {
    /**
     * Runs a query once and pins its result, divided into partitions by a hash of the key. Idempotent by
     * {@link Extraction#id}: a result that is already pinned is returned as it is.
     *
     * @throws WarehouseException when the query cannot run, a table or column is missing, or a key is null or occurs twice
     */
    PinnedInput extract(Extraction extraction);

    /** Bytes that pinning read and may be billed for; empty where nothing is billed. */
    Optional<Long> bytesRead(PinnedInput input);

    /**
     * Opens a partition of a pinned input.
     *
     * @param columns the columns wanted beside the key
     * @param from where an earlier reader of the partition, with the same columns, stood
     * @throws SessionExpiredException when the order of that reader is gone; it says from which row on the partition can be read
     * @throws WarehouseException when the input is gone, is no longer what was pinned, or lacks a column
     */
    RowReader read(PinnedInput input, int partition, List<String> columns, ReadPosition from);

    /** Bytes of what is pinned under an {@link Extraction#id}, whole or in part; 0 where nothing is. */
    long pinnedBytes(String id);

    /**
     * Removes what is pinned under an {@link Extraction#id}, whole or in part. Nobody may be pinning or reading it. May be repeated
     * after it was interrupted.
     *
     * @throws WarehouseException when it cannot be removed
     */
    void unpin(String id);

    /**
     * Puts the rows of finished shards into a table as one atomic change. Idempotent by {@link TableLoad#id}.
     *
     * @return the table's row count afterwards
     * @throws WarehouseException when the table cannot be written; it is unchanged then
     */
    long load(TableLoad load);

    /**
     * Finds out whether a query could be pinned, without pinning it. Looks at its rows only where that costs no money.
     *
     * @return the findings, in words
     * @throws WarehouseException as {@link #extract} would, as far as that shows
     */
    Preview verify(Extraction extraction);

    /**
     * Finds out whether a table could be loaded, without writing to it.
     *
     * @return the findings, in words
     * @throws WarehouseException as {@link #load} would, as far as that shows without the shards
     */
    String verify(TableLoad.Target target);

    /**
     * Refuses a load whose columns the table would have to be changed for. Looks at the table alone, and costs nothing.
     *
     * @param format of the shards
     * @param columns of the shards
     * @throws WarehouseException as {@link #load} would
     */
    void verify(TableLoad.Target target, String format, List<RecordSchema.Field> columns);

    /** The regions of buckets that tables are loaded from; empty where they may be anywhere. */
    default Optional<LoadRegions> loadRegions() {
        return Optional.empty();
    }

    /**
     * This warehouse for somebody whose work may have to end soon. What takes long there ends with a
     * {@link java.util.concurrent.CancellationException} when the condition becomes true. Not to be closed by itself.
     */
    default Warehouse stoppedBy(BooleanSupplier stopped) {
        return this;
    }

    @Override
    void close();
}
