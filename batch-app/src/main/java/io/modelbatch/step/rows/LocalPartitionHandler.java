package io.modelbatch.step.rows;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.batch.core.partition.support.AbstractPartitionHandler;
import org.springframework.batch.core.step.StepExecution;

/** Executes the partitions of a step on threads of this process, each by a step of its own. */
final class LocalPartitionHandler extends AbstractPartitionHandler {
    private final PartitionSteps.Opening steps;

    LocalPartitionHandler(PartitionSteps.Opening steps, int partitions) {
        this.steps = steps;
        setGridSize(partitions);
    }

    @Override
    protected Set<StepExecution> doHandle(StepExecution manager, Set<StepExecution> partitions) throws Exception {
        if (partitions.isEmpty()) {
            return partitions;
        }
        try (PartitionSteps work = steps.open(manager)) {
            ExecutorService pool = Executors.newFixedThreadPool(Math.min(work.atATime(), partitions.size()));
            try {
                return results(pool.invokeAll(partitions.stream()
                        .map(partition -> task(work, partition))
                        .toList()));
            } finally {
                pool.shutdownNow();
            }
        }
    }

    private static Callable<StepExecution> task(PartitionSteps work, StepExecution partition) {
        return () -> {
            ExecuteInRun.execute(work.step(partition), partition);
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
