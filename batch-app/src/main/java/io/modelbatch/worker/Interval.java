package io.modelbatch.worker;

import com.google.common.base.Stopwatch;
import java.time.Duration;

/** Something that is done at once, and then once in a while. */
final class Interval {
    private final Duration length;
    private final Stopwatch sinceLast = Stopwatch.createUnstarted();

    Interval(Duration length) {
        this.length = length;
    }

    /** True when it is to be done now; the next time then begins. */
    boolean isDue() {
        if (sinceLast.isRunning() && sinceLast.elapsed().compareTo(length) < 0) {
            return false;
        }
        sinceLast.reset().start();
        return true;
    }
}
