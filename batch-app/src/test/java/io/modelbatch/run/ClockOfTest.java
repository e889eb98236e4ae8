package io.modelbatch.run;

import io.modelbatch.run.claim.ClaimClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A clock that a test moves, for claims and whatever else asks for the time. */
public final class ClockOfTest implements ClaimClock, InstantSource {
    private static final DateTimeFormatter SQL = DateTimeFormatter.ofPattern(
                    "'timestamp with time zone '''uuuu-MM-dd HH:mm:ss+00:00''")
            .withZone(ZoneOffset.UTC);

    private volatile Instant now;

    public ClockOfTest(Instant now) {
        this.now = now;
    }

    public void move(Duration on) {
        now = now.plus(on);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public String now() {
        return SQL.format(now);
    }
}
