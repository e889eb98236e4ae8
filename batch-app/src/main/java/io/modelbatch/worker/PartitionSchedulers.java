package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** db-scheduler as workers use it. */
final class PartitionScheduler {
    /** While no partition is taken. A worker whose partitions are all at work asks nothing. */
    private static final Duration POLLING = Duration.ofSeconds(1);

    /**
     * A worker is gone when it missed four heartbeats, and that is looked for at every second heartbeat: within a minute.
     */
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final int MISSED_HEARTBEATS = 4;
    /** Without a sign of life. */
    static final Duration GONE = HEARTBEAT.multipliedBy(MISSED_HEARTBEATS);

    private PartitionScheduler() {}

    /**
     * One that is not started.
     *
     * @param worker its name in the queue
     * @param threads number of partitions that are executed at a time
     */
    static Scheduler create(
            DataSource repository,
            String worker,
            int threads,
            Supplier<Eligibility> eligible,
            TakePartition take,
            DatabaseClock clock) {
        Task<Void> task = Tasks.custom(PartitionTask.TYPE)
                .onDeadExecution(take::putBack)
                .onFailure(take::putBack)
                .execute(take);
        return Scheduler.create(repository, task)
                .tableName(PartitionQueue.TABLE)
                .schedulerName(new SchedulerName.Fixed(worker))
                .threads(threads)
                .pollUsingLockAndFetch(threads == 1 ? 0 : 1.0 / threads, 1.0)
                .pollingInterval(POLLING)
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .serializer(new NoData())
                .clock(clock)
                .jdbcCustomization(new EligiblePartitions(eligible))
                .failureLogging(LogLevel.WARN, true)
                .build();
    }
}
