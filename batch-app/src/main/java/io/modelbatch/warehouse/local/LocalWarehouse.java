package io.modelbatch.warehouse.local;

import io.modelbatch.result.RecordSchema;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Preview;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.warehouse.Warehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Files as tables, DuckDB as the engine. A pinned result is a folder with one Parquet file a partition. */
public final class LocalWarehouse implements Warehouse {
    private final TableFiles tables;
    private final Path pinned;
    private final ObjectStore shards;

    public LocalWarehouse(TableFiles tables, Path pinned, ObjectStore shards) {
        this.tables = tables;
        this.pinned = pinned;
        this.shards = shards;
    }

    /**
     * Files as tables: {@code shop.lines} is {@code tables/shop/lines.csv}, {@code .jsonl} or {@code .parquet}.
     *
     * @param tables folder of the tables
     * @param pinned folder for pinned results
     * @param shards where results to load are
     */
    public static Warehouse of(Path tables, Path pinned, ObjectStore shards) {
        return new LocalWarehouse(new TableFiles(tables), pinned, shards);
    }

    @Override
    public PinnedInput extract(Extraction extraction) {
        PinnedFolder folder = new PinnedFolder(pinned.resolve(extraction.id()));
        Optional<PinnedInput> pinnedBefore = folder.readWhole();
        if (pinnedBefore.isPresent()) {
            return pinnedBefore.get();
        }
        try {
            if (folder.isThere()) { // damaged, and nothing was computed from it yet
                folder.delete();
            }
            Files.createDirectories(pinned);
            return new ExtractLocally(tables, folder).extract(extraction);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public RowReader read(PinnedInput input, int partition, List<String> columns, ReadPosition from) {
        PinnedFolder folder = new PinnedFolder(Path.of(input.location()));
        verify(folder, input, partition);
        input.requireColumns(columns);
        return ParquetRowReader.open(
                folder.partition(partition),
                input.key(),
                columns.stream().map(ParquetRowReader.Column::text).toList(),
                from.rows());
    }

    /** Costs a look at the partition's bytes for each time that it is opened, once in a step. */
    private static void verify(PinnedFolder folder, PinnedInput input, int partition) {
        try {
            folder.verify(input, partition);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long pinnedBytes(String id) {
        return new PinnedFiles(pinned, id).bytes();
    }

    @Override
    public void unpin(String id) {
        new PinnedFiles(pinned, id).delete();
    }

    @Override
    public long load(TableLoad load) {
        try {
            return new LoadLocally(tables, shards).load(load);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<Long> bytesRead(PinnedInput input) {
        return Optional.empty();
    }

    @Override
    public Preview verify(Extraction extraction) {
        return new ExtractLocally(tables, new PinnedFolder(pinned.resolve(extraction.id()))).verify(extraction);
    }

    /** A local table is made again by each load; columns that are not in it yet are added. */
    @Override
    public void verify(TableLoad.Target target, String format, List<RecordSchema.Field> columns) {
        new LoadLocally(tables, shards).verify(target, columns);
    }

    @Override
    public String verify(TableLoad.Target target) {
        return new LoadLocally(tables, shards).verify(target, List.of());
    }

    @Override
    public void close() {}
}
