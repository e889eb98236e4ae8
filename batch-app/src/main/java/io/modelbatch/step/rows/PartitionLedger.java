package io.modelbatch.step.rows;

import io.modelbatch.result.Shard;
import io.modelbatch.warehouse.ReadPosition;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStream;

/**
 * The ledger of one partition. Only the owner of a run writes it, so the job repository is asked once, when the partition starts, and a
 * block costs one statement. Nothing is sent before the block is ready to be committed.
 */
public final class PartitionLedger implements ItemStream {
    private final ShardLedger ledger;
    private final StepExecution partition;
    private final Consumer<ShardLedger.Counts> givenUp;
    private ReadPosition position = ReadPosition.BEGINNING;
    private int ordinal;
    private boolean givingUp;

    /**
     * The ledger of a partition.
     *
     * @param givenUp told what the partition lost when its rows are read again
     */
    public PartitionLedger(ShardLedger ledger, StepExecution partition, Consumer<ShardLedger.Counts> givenUp) {
        this.ledger = ledger;
        this.partition = partition;
        this.givenUp = givenUp;
    }

    @Override
    public void open(ExecutionContext context) {
        ShardLedger.Position committed = ledger.position(partition);
        position = committed.read();
        ordinal = committed.ordinal();
    }

    /** The position from which the partition's rows are read. */
    public ReadPosition position() {
        return position;
    }

    /** The number of a new block. None is used twice, also when shards are given up and become orphans. */
    int nextOrdinal() {
        return ordinal++;
    }

    /** The order of the rows behind the first ones is lost: the next commit removes what was made of them. */
    public void giveUp(long kept) {
        position = new ReadPosition(null, kept);
        givingUp = true;
    }

    /** Enters what a block became. Takes part in the chunk's transaction. */
    void add(ShardLedger.CommittedBlock block, List<Shard> shards, List<Shard> rejects) {
        removeWhatWasGivenUp();
        ledger.add(partition, block, shards, rejects);
    }

    @Override
    public void update(ExecutionContext context) {
        removeWhatWasGivenUp();
    }

    private void removeWhatWasGivenUp() {
        if (givingUp) {
            givenUp.accept(ledger.giveUp(partition, position.rows()));
            givingUp = false;
        }
    }
}
