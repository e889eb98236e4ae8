package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.function.LongSupplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The database's clock, by which all workers agree which of them are gone. It is asked for once in a while; in between, the time that has
 * passed since then is added, which no change of the machine's time of day affects.
 */
final class DatabaseClock implements Clock {
    private static final Duration GOOD_FOR = Duration.ofMinutes(5);

    private final JdbcClient jdbc;
    private final LongSupplier nanoTime;
    private Reading reading;

    /** The time that the database said at a moment of this process. */
    private record Reading(Instant time, long nanos) {}

    /** @param nanoTime counts nanoseconds and never jumps */
    DatabaseClock(JdbcClient jdbc, LongSupplier nanoTime) {
        this.jdbc = jdbc;
        this.nanoTime = nanoTime;
        this.reading = read();
    }

    @Override
    public synchronized Instant now() {
        if (nanoTime.getAsLong() - reading.nanos() > GOOD_FOR.toNanos()) {
            reading = read();
        }
        return reading.time().plusNanos(nanoTime.getAsLong() - reading.nanos());
    }

    private Reading read() {
        Instant time = jdbc.sql("select current_timestamp")
                .query((row, n) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .single();
        return new Reading(time, nanoTime.getAsLong());
    }
}
