package io.modelbatch.step;

import io.modelbatch.artifact.ObjectStore;
import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.artifact.Shard;
import io.modelbatch.artifact.ShardWriter;
import io.modelbatch.artifact.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ItemStream;

/**
 * Makes a shard of each block: written, uploaded, and then entered in the ledger within the chunk's transaction. Its name carries
 * the run and the step execution, so no two attempts ever share one; what an attempt uploaded and did not commit is an orphan.
 */
final class ShardItemWriter implements ItemStream {
    private final ShardWriter writer;
    private final ObjectStore store;
    private final ShardLedger ledger;
    private final StepExecution partition;
    private final ObjectUri folder;
    private final StepKit kit;

    ShardItemWriter(
            ShardWriter writer,
            ObjectStore store,
            ShardLedger ledger,
            StepExecution partition,
            ObjectUri folder,
            StepKit kit) {
        this.writer = writer;
        this.store = store;
        this.ledger = ledger;
        this.partition = partition;
        this.folder = folder;
        this.kit = kit;
    }

    void write(AnsweredBlock block) throws IOException {
        int ordinal = ledger.position(partition).shards();
        String name = "%s-%05d-%06d-%d%s"
                .formatted(
                        kit.shardPrefix(partition),
                        Partitions.number(partition),
                        ordinal,
                        partition.getId(),
                        writer.suffix());
        Path directory = kit.scratch().folder("shard-");
        Path file = directory.resolve(name);
        try {
            writer.write(block.records(), file);
            StoredObject stored = store.put(folder.child(name), file);
            ledger.add(
                    partition,
                    ordinal,
                    new Shard(name, block.records().records().size(), stored.bytes(), stored.crc32c()));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
