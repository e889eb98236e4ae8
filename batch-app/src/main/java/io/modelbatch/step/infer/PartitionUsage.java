package io.modelbatch.step.infer;

import io.modelbatch.step.StepKit;
import io.modelbatch.step.rows.PartitionMetrics;
import io.modelbatch.step.rows.PendingBlock;
import io.modelbatch.telemetry.Measure;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStream;

/** Adds up what the committed blocks of a partition took, all its executions together, and what it waited for meanwhile. */
final class PartitionUsage implements ItemStream {
    private final StepKit kit;
    private final StepExecution partition;
    private final LongSupplier nanoTime;
    private final PartitionMetrics metrics;
    private InferenceUsage work = InferenceUsage.NONE;
    private long answeredAt;

    PartitionUsage(StepKit kit, StepExecution partition, LongSupplier nanoTime, PartitionMetrics metrics) {
        this.kit = kit;
        this.partition = partition;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
    }

    @Override
    public void open(ExecutionContext context) {
        Optional<InferenceUsage> before = kit.outputs().find(partition, InferenceUsage.class);
        before.ifPresent(earlier -> work = earlier);
    }

    /** Times the reading; since the last block was answered it was written. */
    @Nullable
    <W> PendingBlock<W> read(Callable<@Nullable PendingBlock<W>> reading) throws Exception {
        long start = nanoTime.getAsLong();
        if (answeredAt != 0) {
            work = work.plusWriting(start - answeredAt);
        }
        PendingBlock<W> block = reading.call();
        answeredAt = nanoTime.getAsLong();
        work = work.plusReading(answeredAt - start);
        return block;
    }

    /** A block was answered. */
    AnsweredBlock answered(AnsweredBlock block) {
        long now = nanoTime.getAsLong();
        work = work.plus(block.counts(), block.work(), block.block().session()).plusAnswering(now - answeredAt);
        metrics.waited(Measure.Wait.MODEL, now - answeredAt);
        metrics.add(Measure.TOKENS, block.work().tokens());
        metrics.add(Measure.TOKENS_COMPUTED, block.work().paddedTokens());
        answeredAt = now;
        return block;
    }

    /** The rows behind the first ones are read again: the next commit removes what was made of them. */
    void giveUp(long kept) {
        work = work.keeping(kept);
    }

    @Override
    public void update(ExecutionContext context) {
        kit.outputs().put(context, work);
    }
}
