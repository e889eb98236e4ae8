package io.modelbatch.step.rows;

import io.modelbatch.result.FieldType;
import io.modelbatch.result.Shard;
import io.modelbatch.step.ScratchFolder;
import io.modelbatch.store.Crc32c;
import io.modelbatch.store.DamagedObjectException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.WarehouseException;
import io.modelbatch.warehouse.local.ParquetRowReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.util.FileSystemUtils;

/**
 * The rows of one partition of a result, in the order of its shards. Each shard is copied into a temporary file, one at a time, and compared
 * with what the ledger says of it before it is read.
 */
final class ResultRows implements RowReader {
    private final ObjectStore store;
    private final ScratchFolder scratch;
    private final StepInput.Result result;
    private final List<ParquetRowReader.Column> columns;
    private final Queue<Shard> shards;
    /** Rows of the first shard to leave out. */
    private long skipped;

    private @Nullable Path folder;
    private @Nullable ParquetRowReader open;

    private ResultRows(
            RowServices services,
            StepInput.Result result,
            List<ParquetRowReader.Column> columns,
            Queue<Shard> shards,
            long skipped) {
        this.store = services.store();
        this.scratch = services.kit().scratch();
        this.result = result;
        this.columns = columns;
        this.shards = shards;
        this.skipped = skipped;
    }

    static RowReader open(
            RowServices services,
            StepExecution reader,
            StepInput.Result result,
            int partition,
            List<String> columns,
            long position) {
        Queue<Shard> shards = new ArrayDeque<>(services.ledger().shards(reader, result.step(), partition));
        long skipped = position;
        while (!shards.isEmpty() && skipped >= shards.element().rows()) {
            skipped -= shards.remove().rows();
        }
        return new ResultRows(services, result, columns(result, columns), shards, skipped);
    }

    private static List<ParquetRowReader.Column> columns(StepInput.Result result, List<String> names) {
        Map<String, FieldType> types = new LinkedHashMap<>();
        result.schema().fields().forEach(field -> types.put(field.name(), field.type()));
        List<ParquetRowReader.Column> columns = new ArrayList<>();
        for (String name : names) {
            FieldType type = types.get(name);
            if (type == null) {
                throw new WarehouseException("The result of step " + result.step() + " has no column '" + name
                        + "'; it has " + String.join(", ", types.keySet()));
            }
            boolean plain = type == FieldType.STRING || type == FieldType.INT64 || type == FieldType.FLOAT64;
            columns.add(plain ? ParquetRowReader.Column.text(name) : ParquetRowReader.Column.json(name));
        }
        return columns;
    }

    @Override
    public Optional<RowBlock> read(int maxRows, long maxTextBytes) {
        while (true) {
            if (open == null) {
                if (shards.isEmpty()) {
                    return Optional.empty();
                }
                open = opened(shards.remove());
            }
            Optional<RowBlock> block = open.read(maxRows, maxTextBytes);
            if (block.isPresent()) {
                return block;
            }
            close();
        }
    }

    private ParquetRowReader opened(Shard shard) {
        try {
            folder = scratch.folder("rows-");
            Path file = folder.resolve("shard.parquet");
            ObjectUri uri = ObjectUri.parse(result.folder()).child(shard.name());
            store.download(uri, file);
            if (Files.size(file) != shard.bytes() || !Crc32c.of(file).equals(shard.crc32c())) {
                throw new DamagedObjectException(uri + " is damaged: it has " + Files.size(file)
                        + " bytes and the CRC32C "
                        + Crc32c.of(file) + "; " + shard.bytes() + " bytes and " + shard.crc32c() + " were committed"
                        + CommittedResult.WAY_OUT);
            }
            ParquetRowReader rows =
                    ParquetRowReader.open(file, result.schema().fields().get(0).name(), columns, skipped);
            skipped = 0;
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<String> session() {
        return Optional.empty();
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
        if (folder != null) {
            try {
                FileSystemUtils.deleteRecursively(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            folder = null;
        }
    }
}
