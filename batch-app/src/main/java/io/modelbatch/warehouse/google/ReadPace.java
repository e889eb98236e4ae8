package io.modelbatch.warehouse.google;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The pace of the work on a partition's rows, which decides how many of them the next read session is to bring: about half an hour of work,
 * as far as their buckets allow. BigQuery ends a session after six hours, and what was computed of its rows is lost then.
 */
final class ReadPace {
    private static final long FIRST = 5_000;
    private static final int GROWTH = 4;
    private static final Duration WORK = Duration.ofMinutes(30);
    private static final Duration LIFE = Duration.ofHours(6);
    /** After so long the rate tells whether a session lives long enough. */
    private static final Duration LOOK = Duration.ofMinutes(6);

    private final LongSupplier nanoTime;
    private long next = FIRST;
    /** Rows in a nanosecond; 0 until it is known. */
    private double rate;

    private long since;
    private long rows;
    private long handed;
    private long last;
    private boolean looked;
    private long expiredAt = -1;
    private boolean expiredTwice;

    ReadPace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Somebody begins to read, perhaps for other work than before. */
    void open() {
        next = Math.min(next, FIRST);
    }

    /** Rows of a session that begins now. */
    long next() {
        return next;
    }

    /** A session begins, of which so many rows are left. */
    void begin(long left) {
        since = nanoTime.getAsLong();
        rows = left;
        handed = 0;
        last = 0;
        looked = false;
    }

    /** A block of the session was handed out. The one before it is done then. */
    void hand(int block) {
        handed += block;
        last = block;
    }

    /** All rows of the session were handed out. */
    void done() {
        rate = handed / (double) elapsed();
        next = (long) Math.max(1, Math.min((double) next * GROWTH, rate * WORK.toNanos()));
    }

    /** The session that began at a row of the partition ended before its rows were done. */
    void expire(long row) {
        learn();
        next = rate == 0 ? FIRST : (long) Math.max(1, Math.min(FIRST, rate * WORK.toNanos()));
        expiredTwice = row == expiredAt;
        expiredAt = row;
    }

    /** True if the session will end before its rows are done. True once, as soon as it can be known. */
    boolean isTooSlow() {
        if (looked || elapsed() < LOOK.toNanos() || !learn()) {
            return false;
        }
        looked = true;
        return rows > rate * LIFE.toNanos();
    }

    /** True if a session that begins at a row would end before so many rows are done. */
    boolean outlivesSessions(long row, long wanted) {
        return (expiredTwice && row == expiredAt) || (rate > 0 && wanted > rate * LIFE.toNanos() / 2);
    }

    private boolean learn() {
        long worked = handed - last;
        if (worked > 0) {
            rate = worked / (double) elapsed();
        }
        return worked > 0;
    }

    private long elapsed() {
        return Math.max(1, nanoTime.getAsLong() - since);
    }
}
