package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The database's clock, by which all processes agree which partitions wait. It is asked for once in a while; in between, the time that has
 * passed since then is added, whatever the machine's time of day is. That time stands still while a virtual machine is suspended, and the time of
 * day does not: where the two differ, the database is asked again. While it does not answer, its last answer counts: a failure here would end the thread
 * of db-scheduler that picks partitions.
 */
final class DatabaseClock implements Clock {
    private static final Duration GOOD_FOR = Duration.ofMinutes(5);
    private static final Duration SUSPENDED = Duration.ofSeconds(5);
    /** After one that failed. */
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);

    private final JdbcClient jdbc;
    private final LongSupplier nanoTime;
    private final InstantSource timeOfDay;
    private Reading reading;
    /** The database is not asked before, in nanoseconds of this process. */
    private long notBefore;

    /**
     * The time that the database said at a moment of this process.
     *
     * @param timeOfDay of this machine
     */
    private record Reading(Instant time, long nanos, Instant timeOfDay) {}

    /**
     * A clock of a machine.
     *
     * @param nanoTime counts nanoseconds and never jumps
     * @param timeOfDay may be wrong, and may jump
     */
    DatabaseClock(JdbcClient jdbc, LongSupplier nanoTime, InstantSource timeOfDay) {
        this.jdbc = jdbc;
        this.nanoTime = nanoTime;
        this.timeOfDay = timeOfDay;
        this.reading = read();
        this.notBefore = reading.nanos();
    }

    /** That of this machine. */
    static DatabaseClock of(JdbcClient jdbc) {
        return new DatabaseClock(jdbc, System::nanoTime, InstantSource.system());
    }

    @Override
    public synchronized Instant now() {
        if ((passed().compareTo(GOOD_FOR) > 0 || wasSuspended()) && nanoTime.getAsLong() - notBefore >= 0) {
            try {
                reading = read();
            } catch (DataAccessException e) {
                log.warn("The job repository does not tell its time; that of {} ago counts", passed(), e);
                notBefore = nanoTime.getAsLong() + BETWEEN_TRIES.toNanos();
            }
        }
        return reading.time().plus(passed());
    }

    private Duration passed() {
        return Duration.ofNanos(nanoTime.getAsLong() - reading.nanos());
    }

    private boolean wasSuspended() {
        return Duration.between(reading.timeOfDay(), timeOfDay.instant())
                        .minus(passed())
                        .abs()
                        .compareTo(SUSPENDED)
                > 0;
    }

    /** The moment after the answer: a clock that is late takes a partition a little later, and one that is ahead would cut a pause short. */
    private Reading read() {
        Instant time = jdbc.sql("select current_timestamp")
                .query((row, n) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .single();
        return new Reading(time, nanoTime.getAsLong(), timeOfDay.instant());
    }
}
