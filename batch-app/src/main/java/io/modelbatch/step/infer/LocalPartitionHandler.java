package io.modelbatch.step.infer;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.batch.core.partition.support.AbstractPartitionHandler;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * Runs the partitions of a step on threads of this process, each with a step of its own.
 */
final class LocalPartitionHandler extends AbstractPartitionHandler {
    /** While one partition reads or uploads, another computes. */
    private static final int AT_A_TIME = 2;

    private final PartitionStepsFactory workers;

    LocalPartitionHandler(PartitionStepsFactory workers, int partitions) {
        this.workers = workers;
        setGridSize(partitions);
    }

    /** Number of partitions that run at a time. */
    static int atATime(int partitions) {
        return Math.min(AT_A_TIME, partitions);
    }

    /** Opens what the partitions of a step share; called only if there is a partition to run. */
    @FunctionalInterface
    interface PartitionStepsFactory {
        PartitionSteps open(StepExecution manager) throws Exception;
    }

    /** Open resources, and a step for each partition. */
    interface PartitionSteps extends AutoCloseable {
        Step step(StepExecution partition);

        @Override
        void close();
    }

    @Override
    protected Set<StepExecution> doHandle(StepExecution manager, Set<StepExecution> partitions) throws Exception {
        if (partitions.isEmpty()) {
            return partitions;
        }
        ExecutorService pool = Executors.newFixedThreadPool(atATime(partitions.size()));
        try (PartitionSteps work = workers.open(manager)) {
            return results(pool.invokeAll(
                    partitions.stream().map(partition -> task(work, partition)).toList()));
        } finally {
            pool.shutdownNow();
        }
    }

    private static Callable<StepExecution> task(PartitionSteps work, StepExecution partition) {
        return () -> {
            work.step(partition).execute(partition);
            return partition;
        };
    }

    private static Set<StepExecution> results(Collection<Future<StepExecution>> tasks) throws Exception {
        Set<StepExecution> done = new HashSet<>();
        for (Future<StepExecution> task : tasks) {
            done.add(task.get());
        }
        return done;
    }
}
