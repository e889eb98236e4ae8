package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.google.common.base.Stopwatch;
import com.google.common.util.concurrent.Uninterruptibles;
import io.modelbatch.worker.WorkerPartitions.Outcome;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what becomes of a task of the queue that was executed: it is over, or goes back.
 *
 * @param queue in which it is
 */
record EndPartition(PartitionQueue queue) {
    private static final Duration LATER = Duration.ofSeconds(10);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(EndPartition.class);

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

    /**
     * A worker stops all partitions of a run at once. If one that it stopped is of an earlier step, which others have executed while it was
     * suspended, those of the step now at work are not to stop.
     */
    private boolean isLive(PartitionTask task) {
        return queue.find(task.dispatch()).isPresent();
    }

    /** False when the task is no longer this worker's. */
    private boolean end(PartitionTask task, long version, Outcome outcome) {
        return switch (outcome) {
            case OVER -> queue.remove(task, version);
            case STOPPED -> end(task, version, isLive(task) ? Outcome.GIVEN_BACK : Outcome.OVER);
            case GIVEN_BACK -> queue.putBack(task, version, Duration.ZERO);
            case LATER -> queue.putBack(task, version, LATER);
        };
    }
}
