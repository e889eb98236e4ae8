package io.modelbatch.step.rows;

import com.google.common.collect.Iterables;
import io.modelbatch.result.JsonLines;
import io.modelbatch.result.ResultOptions;
import io.modelbatch.result.Shard;
import io.modelbatch.result.ShardWriter;
import io.modelbatch.run.claim.ClaimLostException;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.telemetry.Measure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStream;

/**
 * Makes a shard of each block's records and an object of its rejects: written, uploaded, and then both entered in the ledger within
 * the chunk's transaction. Their names carry the run and the step execution, so no two attempts ever share one; what an attempt
 * uploaded and did not commit is an orphan.
 */
public final class ShardItemWriter implements ItemStream {
    /** Where the rejects of a result are, in its folder. */
    public static final String REJECTS = "rejects";

    private final ShardWriter writer;
    private final ObjectStore store;
    private final PartitionLedger ledger;
    private final StepExecution partition;
    private final ObjectUri folder;
    private final StepKit kit;
    private final PartitionMetrics metrics;

    public ShardItemWriter(
            RowServices services,
            ResultOptions options,
            PartitionLedger ledger,
            StepExecution partition,
            PartitionMetrics metrics) {
        this.writer = options.format().writer();
        this.store = services.store();
        this.ledger = ledger;
        this.partition = partition;
        this.folder = options.folder();
        this.kit = services.kit();
        this.metrics = metrics;
    }

    /** Writes a block. */
    public void write(FinishedBlock block) throws IOException {
        int ordinal = ledger.nextOrdinal();
        String name = "%s-%05d-%06d-%d"
                .formatted(kit.shardPrefix(partition), PartitionName.number(partition), ordinal, partition.getId());
        List<Shard> shards = new ArrayList<>();
        List<Shard> rejects = new ArrayList<>();
        if (block.written() > 0) {
            String shard = name + writer.suffix();
            shards.add(upload(shard, block.written(), file -> writer.write(block.records(), file)));
        }
        if (!block.rejects().isEmpty()) {
            String object = REJECTS + "/" + name + JsonLines.SUFFIX;
            rejects.add(upload(object, block.rejects().size(), file -> JsonLines.write(block.rejects(), file)));
        }
        metrics.committing(block);
        verifyOwner(shards, rejects);
        ledger.add(
                new ShardLedger.CommittedBlock(
                        ordinal, block.session().orElse(null), block.inputRows(), block.tokens()),
                shards,
                rejects);
    }

    /** Whoever lost the partition removes what it has just uploaded: the result may be complete by now, and nobody else looks for orphans any more. */
    private void verifyOwner(List<Shard> shards, List<Shard> rejects) {
        try {
            kit.verifyOwnerInChunk(partition.getJobExecution());
        } catch (ClaimLostException e) {
            for (Shard orphan : Iterables.concat(shards, rejects)) {
                try {
                    store.delete(folder.child(orphan.name()));
                } catch (IOException remains) {
                    e.addSuppressed(remains);
                }
            }
            throw e;
        }
    }

    @FunctionalInterface
    private interface Write {
        void into(Path file) throws IOException;
    }

    private Shard upload(String name, long rows, Write write) throws IOException {
        Path directory = kit.scratch().folder("shard-");
        Path file = directory.resolve("shard");
        try {
            write.into(file);
            long start = System.nanoTime();
            StoredObject stored = store.put(folder.child(name), file);
            metrics.waited(Measure.Wait.UPLOAD, System.nanoTime() - start);
            return new Shard(name, rows, stored.bytes(), stored.crc32c());
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    @Override
    public void open(ExecutionContext context) {
        metrics.begins();
    }

    @Override
    public void close() {
        metrics.ends();
        writer.close();
    }
}
