package io.modelbatch.launch;

import io.modelbatch.step.StopSignal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * SIGTERM, SIGINT (Ctrl-C) and SIGHUP (the terminal was closed) stop the current run: it ends as stopped, with exit code 4. A shutdown hook
 * would be too late, because hooks run beside each other, and one of them closes the database. A second signal, or a run that does not end
 * in time, ends the process at once with 128 and the signal's number; the next command recovers the run.
 */
final class StopOnSignal {
    private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");
    private static final Duration LIMIT = Duration.ofSeconds(9);
    private static final int SIGNALLED = 128;
    private static final Signal SIGTERM = new Signal("TERM");

    private final StopSignal stop;
    private final RunEvents events;
    private final CountDownLatch ended = new CountDownLatch(1);

    StopOnSignal(StopSignal stop, RunEvents events) {
        this.stop = stop;
        this.events = events;
    }

    /** Takes the signals, but for those that are ignored, such as SIGHUP below {@code nohup}. */
    void runBegins() {
        SIGNALS.forEach(name -> Signal.handle(new Signal(name), this::received));
    }

    void runEnded() {
        ended.countDown();
    }

    private void received(Signal signal) {
        if (stop.requested()) {
            halt(signal);
        }
        request(signal);
    }

    /** Asks the run to stop, and ends the process if it does not in time. */
    void request() {
        request(SIGTERM);
    }

    private void request(Signal signal) {
        boolean first = !stop.requested();
        stop.request();
        if (first && ended.getCount() > 0) {
            Thread watch = new Thread(() -> haltUnlessEnded(signal), "stop");
            watch.setDaemon(true);
            watch.start();
            events.stops();
        }
    }

    private void haltUnlessEnded(Signal signal) {
        try {
            if (ended.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        halt(signal);
    }

    private static void halt(Signal signal) {
        Runtime.getRuntime().halt(SIGNALLED + signal.getNumber());
    }
}
