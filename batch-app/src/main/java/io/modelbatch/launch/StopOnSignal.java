package io.modelbatch.launch;

import io.modelbatch.step.StopSignal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * SIGTERM and Ctrl-C stop the run in hand: it ends as stopped, with exit code 4. A shutdown hook would be too late, for hooks
 * run beside each other, and one of them closes the database. A second signal, or a run that does not end in time, ends the
 * process at once with 143; the next command recovers the run.
 */
final class StopOnSignal {
    private static final Duration LIMIT = Duration.ofSeconds(9);
    private static final int ENDED_BY_SIGTERM = 143;

    private final StopSignal stop;
    private final CountDownLatch ended = new CountDownLatch(1);

    StopOnSignal(StopSignal stop) {
        this.stop = stop;
    }

    void runBegins() {
        Signal.handle(new Signal("TERM"), this::received);
        Signal.handle(new Signal("INT"), this::received);
    }

    void runEnded() {
        ended.countDown();
    }

    private void received(Signal signal) {
        if (stop.requested()) {
            Runtime.getRuntime().halt(ENDED_BY_SIGTERM);
        }
        request();
    }

    /** Asks the run to stop, and ends the process if it does not in time. */
    void request() {
        stop.request();
        Thread watch = new Thread(this::haltUnlessEnded, "stop");
        watch.setDaemon(true);
        watch.start();
    }

    private void haltUnlessEnded() {
        try {
            if (ended.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ENDED_BY_SIGTERM);
    }
}
