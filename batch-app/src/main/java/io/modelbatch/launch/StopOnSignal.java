package io.modelbatch.launch;

import io.modelbatch.run.ActiveRun;
import io.modelbatch.run.ActiveRuns;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * SIGTERM, SIGINT (Ctrl-C) and SIGHUP (the terminal was closed) stop the runs of this process: each ends as stopped, with exit code 4. A
 * shutdown hook would be too late, because hooks run beside each other, and one of them closes the database. A second signal, or a run that does not end
 * in time, ends the process at once with 128 and the signal's number; the next command recovers the run.
 */
final class StopOnSignal {
    private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");
    private static final Duration LIMIT = Duration.ofSeconds(9);
    private static final int SIGNALLED = 128;
    private static final Logger log = LoggerFactory.getLogger(StopOnSignal.class);
    private static final Signal SIGTERM = new Signal("TERM");

    private final ActiveRuns runs;
    private volatile Signal signal = SIGTERM;
    private boolean signalled;

    StopOnSignal(ActiveRuns runs) {
        this.runs = runs;
    }

    /** Takes the signals, but for those that are ignored, such as SIGHUP below {@code nohup}. */
    void runBegins(ActiveRun run) {
        SIGNALS.forEach(name -> Signal.handle(new Signal(name), this::received));
        run.stop().whenRequested(() -> watch(run));
    }

    private synchronized void received(Signal received) {
        if (signalled) {
            halt(received);
        }
        signalled = true;
        signal = received;
        runs.all().forEach(run -> run.stop().request());
    }

    private void watch(ActiveRun run) {
        Thread watch = new Thread(() -> haltUnlessEnded(run), "stop");
        watch.setDaemon(true);
        watch.start();
    }

    private void haltUnlessEnded(ActiveRun run) {
        try {
            if (run.awaitEnd(LIMIT)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (runs.all().stream().allMatch(active -> active.stop().requested())) {
            halt(signal);
        }
        log.warn("A run has not ended within {} of the request to stop it; other runs of this process continue", LIMIT);
    }

    private static void halt(Signal signal) {
        Runtime.getRuntime().halt(SIGNALLED + signal.getNumber());
    }
}
