package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.modelbatch.worker.WorkerPartitions.Outcome;
import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Makes db-schedulers that pick partitions for workers.
 *
 * @param repository with the queue
 * @param clock of all workers
 */
record PartitionSchedulers(DataSource repository, DatabaseClock clock) {
    /** Characters of a worker's name that db-scheduler keeps in the queue. */
    static final int LONGEST_NAME = 50;

    /**
     * Between two questions of a worker that executes some partitions, and could execute more. One that executes as many as it can asks nothing, and
     * one that executes none asks each second: see {@link Worker}.
     */
    private static final Duration POLLING = Duration.ofSeconds(5);

    /** Heartbeats of db-scheduler, one for each partition, are not needed: a worker gives one sign of life for all of them ({@link WorkerRegister}). */
    private static final Duration HARDLY_EVER = Duration.ofDays(1);

    /**
     * One that is not started.
     *
     * @param worker its name in the queue
     * @param threads number of partitions that are executed at a time
     */
    Scheduler create(String worker, int threads, Supplier<Eligibility> eligible, TakePartition take) {
        Task<Void> task = Tasks.custom(PartitionTask.TYPE)
                .onFailure((complete, operations) -> take.end().end(complete.getExecution(), Outcome.GIVEN_BACK))
                .execute(take);
        return Scheduler.create(repository, task)
                .tableName(PartitionQueue.TABLE)
                .schedulerName(new SchedulerName.Fixed(worker))
                .threads(threads)
                .pollUsingLockAndFetch(allButOne(threads), 1.0)
                .pollingInterval(POLLING)
                .heartbeatInterval(HARDLY_EVER)
                .serializer(new NoData())
                .clock(clock)
                .jdbcCustomization(new EligiblePartitions(eligible))
                .failureLogging(LogLevel.WARN, true)
                .build();
    }

    /** The part of the threads that may be at work when more partitions are asked for: as soon as one thread is free. */
    private static double allButOne(int threads) {
        return (threads - 0.5) / threads; // db-scheduler multiplies by the number, and rounds down
    }
}
