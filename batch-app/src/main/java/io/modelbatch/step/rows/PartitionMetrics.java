package io.modelbatch.step.rows;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.modelbatch.telemetry.Measure;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Metrics of one partition. What its blocks add is counted when they are committed, so rows are counted once. For one thread. */
public final class PartitionMetrics {
    private static final double NANOS = 1e9;

    private final MeterRegistry meters;
    private final Tags step;
    private final AtomicInteger active;
    private final Map<Counter, Double> uncommitted = new HashMap<>();

    PartitionMetrics(MeterRegistry meters, Tags step, AtomicInteger active) {
        this.meters = meters;
        this.step = step;
        this.active = active;
    }

    /** The partition is executed from now on. */
    void begins() {
        active.incrementAndGet();
    }

    /** The partition is not executed any more. */
    void ends() {
        active.decrementAndGet();
    }

    /** Adds to what the current block will count. */
    public void add(Measure measure, long amount) {
        uncommitted.merge(measure.counter(meters, step), (double) amount, Double::sum);
    }

    /** Adds a wait to what the current block will count. */
    public void waited(Measure.Wait wait, long nanos) {
        uncommitted.merge(Measure.WAIT.counter(meters, step.and(wait.tags())), nanos / NANOS, Double::sum);
    }

    /** Counts a block that is entered in the ledger, and with it all that was added, when its transaction is committed. */
    void committing(FinishedBlock block) {
        add(Measure.BLOCKS, 1);
        add(Measure.ROWS, block.rows());
        add(Measure.ROWS_WRITTEN, block.written());
        add(Measure.ROWS_REJECTED, block.rejected());
        long start = System.nanoTime();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                waited(Measure.Wait.DATABASE, System.nanoTime() - start);
                uncommitted.forEach(Counter::increment);
            }

            @Override
            public void afterCompletion(int status) {
                uncommitted.clear();
            }
        });
    }
}
