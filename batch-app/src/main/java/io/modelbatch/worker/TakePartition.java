package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.google.common.base.Stopwatch;
import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes a task of the queue, and says what becomes of it: it is over, or goes back into the queue. */
final class TakePartition implements ExecutionHandler<Void> {
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(TakePartition.class);

    private final PartitionQueue queue;
    private final WorkerPartitions partitions;
    private final DatabaseClock clock;

    TakePartition(PartitionQueue queue, WorkerPartitions partitions, DatabaseClock clock) {
        this.queue = queue;
        this.partitions = partitions;
        this.clock = clock;
    }

    @Override
    public CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
        PartitionTask task = PartitionTask.parse(instance.getId());
        return queue.find(task.dispatch())
                .map(dispatch -> partitions.execute(dispatch, task, context.getExecution().version))
                .map(this::complete)
                .orElse(TakePartition::remove);
    }

    private CompletionHandler<Void> complete(WorkerPartitions.Outcome outcome) {
        return switch (outcome) {
            case OVER -> TakePartition::remove;
            case GIVEN_BACK -> (complete, operations) -> putBack(complete, operations, Duration.ZERO);
            case LATER -> (complete, operations) -> putBack(complete, operations, Duration.ofSeconds(10));
        };
    }

    /** Into the queue again, as after the loss of a worker. */
    void putBack(ExecutionComplete complete, ExecutionOperations<Void> operations) {
        putBack(complete, operations, Duration.ZERO);
    }

    private void putBack(ExecutionComplete complete, ExecutionOperations<Void> operations, Duration pause) {
        unlessLost(complete, () -> operations.reschedule(complete, clock.now().plus(pause)));
    }

    private static void remove(ExecutionComplete complete, ExecutionOperations<Void> operations) {
        unlessLost(complete, operations::remove);
    }

    /**
     * The task of a worker that was thought gone, or of a run that was taken over, is another's or there no more. While the database is away, this is
     * tried again: otherwise others would wait for the partition until they miss this worker.
     */
    private static void unlessLost(ExecutionComplete complete, Runnable change) {
        Stopwatch since = Stopwatch.createStarted();
        while (true) {
            try {
                change.run();
                return;
            } catch (ExecutionException e) {
                log.info(
                        "Task {} is no longer this worker's: {}",
                        complete.getExecution().getId(),
                        e.getMessage());
                return;
            } catch (RuntimeException e) {
                if (since.elapsed().compareTo(PartitionScheduler.GONE) > 0) {
                    throw e;
                }
                log.warn(
                        "The end of task {} is tried again",
                        complete.getExecution().getId(),
                        e);
            }
            Uninterruptibles.sleepUninterruptibly(BETWEEN_TRIES);
        }
    }
}
