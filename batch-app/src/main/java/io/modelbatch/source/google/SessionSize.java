package io.modelbatch.source.google;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many rows the next read session is to bring: about half an hour of work at the rate of the one before, as far as their buckets
 * allow. BigQuery ends a session after six hours, and what was computed of its rows is lost then.
 */
final class SessionSize {
    private static final long FIRST = 5_000;
    private static final int GROWTH = 4;
    private static final Duration WORK = Duration.ofMinutes(30);

    private final LongSupplier nanoTime;
    private long rows = FIRST;
    private long since;

    SessionSize(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** Rows of a session that begins now. */
    long rows() {
        return rows;
    }

    /** So many rows of a session were read, and the next one begins. */
    void done(long read) {
        long now = nanoTime.getAsLong();
        double rate = read / (double) Math.max(1, now - since);
        since = now;
        rows = (long) Math.max(1, Math.min((double) rows * GROWTH, rate * WORK.toNanos()));
    }
}
