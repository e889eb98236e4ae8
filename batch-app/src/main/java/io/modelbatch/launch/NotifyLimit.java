package io.modelbatch.launch;

import io.modelbatch.run.StopRequest;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The time for all notifications of one end of a run. It becomes short when the run is asked to stop, also while it passes. */
final class NotifyLimit {
    private static final Duration LIMIT_AT_END = Duration.ofSeconds(20);
    /** The work of the run waits. */
    private static final Duration LIMIT_AT_START = Duration.ofSeconds(5);
    /** A run that is stopped has ten seconds for everything. */
    private static final Duration LIMIT_OF_STOP = Duration.ofSeconds(3);

    private static final long POLL_MILLIS = 100;

    private volatile long end;

    private NotifyLimit(Duration limit) {
        this.end = System.nanoTime() + limit.toNanos();
    }

    /** Begins now, when the run has ended. */
    static NotifyLimit atEnd(StopRequest stop) {
        return begin(LIMIT_AT_END, stop);
    }

    /** Begins now, before the work of the run. */
    static NotifyLimit atStart(StopRequest stop) {
        return begin(LIMIT_AT_START, stop);
    }

    private static NotifyLimit begin(Duration time, StopRequest stop) {
        NotifyLimit limit = new NotifyLimit(time);
        stop.whenRequested(limit::shorten);
        return limit;
    }

    private void shorten() {
        end = Math.min(end, System.nanoTime() + LIMIT_OF_STOP.toNanos());
    }

    boolean isOver() {
        return left() <= 0;
    }

    private long left() {
        return end - System.nanoTime();
    }

    /** The value of something that is ready within the limit and within that time. */
    <T> T await(Future<T> future, Duration most) throws InterruptedException, ExecutionException, TimeoutException {
        long begun = System.nanoTime();
        while (true) {
            long left = Math.min(left(), begun + most.toNanos() - System.nanoTime());
            try {
                return future.get(
                        Math.max(1, Math.min(left, TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS))), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (left <= 0) {
                    future.cancel(true);
                    throw e;
                }
            }
        }
    }

    /** Waits that time, or until the limit. */
    void pause(Duration time) throws InterruptedException {
        long begun = System.nanoTime();
        while (!isOver() && System.nanoTime() - begun < time.toNanos()) {
            Thread.sleep(POLL_MILLIS);
        }
    }
}
