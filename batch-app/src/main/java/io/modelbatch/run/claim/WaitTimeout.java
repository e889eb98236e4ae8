package io.modelbatch.run.claim;

import java.time.Duration;
import java.util.function.Consumer;

/** A limit for waiting, from now on. Says once that the process waits. */
final class WaitTimeout {
    private final long end;
    private final Consumer<String> waiting;
    private boolean told;

    WaitTimeout(Duration patience, Consumer<String> waiting) {
        this.end = System.nanoTime() + patience.toNanos(); // the time of day may jump
        this.waiting = waiting;
    }

    boolean isOver() {
        return System.nanoTime() - end >= 0;
    }

    /** Waits a moment. */
    void pause(String reason) {
        if (!told) {
            told = true;
            waiting.accept(reason);
        }
        Claims.pause();
    }
}
