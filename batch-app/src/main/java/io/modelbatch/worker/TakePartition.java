package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.google.common.base.Stopwatch;
import com.google.common.util.concurrent.Uninterruptibles;
import io.modelbatch.worker.WorkerPartitions.Outcome;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes a task of the queue, and says what becomes of it: it is over, or goes back into the queue. */
final class TakePartition implements ExecutionHandler<Void> {
    private static final Duration LATER = Duration.ofSeconds(10);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(TakePartition.class);

    private final PartitionQueue queue;
    private final WorkerPartitions partitions;

    TakePartition(PartitionQueue queue, WorkerPartitions partitions) {
        this.queue = queue;
        this.partitions = partitions;
    }

    @Override
    public CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
        PartitionTask task = PartitionTask.parse(instance.getId());
        Outcome outcome = queue.find(task.dispatch())
                .map(dispatch -> partitions.execute(dispatch, task, context.getExecution().version))
                .orElse(Outcome.OVER);
        return (complete, operations) -> end(complete.getExecution(), outcome);
    }

    /**
     * While the database is away, this is tried again: otherwise others would wait for the partition until they miss this worker. The task of a worker
     * that was thought gone, or of a run that was taken over, is another's or there no more.
     */
    void end(Execution execution, Outcome outcome) {
        PartitionTask task = PartitionTask.parse(execution.getId());
        Stopwatch since = Stopwatch.createStarted();
        while (true) {
            try {
                if (!end(task, execution.version, outcome)) {
                    log.info("Task {} is no longer this worker's", execution.getId());
                }
                return;
            } catch (RuntimeException e) {
                if (since.elapsed().compareTo(WorkerRegister.GONE) > 0) {
                    throw e;
                }
                log.warn("The end of task {} is tried again", execution.getId(), e);
            }
            Uninterruptibles.sleepUninterruptibly(BETWEEN_TRIES);
        }
    }

    /** False when the task is no longer this worker's. */
    private boolean end(PartitionTask task, long version, Outcome outcome) {
        return switch (outcome) {
            case OVER -> queue.remove(task, version);
            case GIVEN_BACK -> queue.putBack(task, version, Duration.ZERO);
            case LATER -> queue.putBack(task, version, LATER);
        };
    }
}
