package io.modelbatch.base;

import com.google.common.base.Stopwatch;
import java.time.Duration;

/** Something that is done at once, and then once in a while. */
public final class Interval {
    private final Duration length;
    private final Stopwatch sinceLast = Stopwatch.createUnstarted();

    /** @param length from one time to the next */
    public Interval(Duration length) {
        this.length = length;
    }

    /** True when it is to be done now; the next time then begins. */
    public boolean isDue() {
        if (sinceLast.isRunning() && sinceLast.elapsed().compareTo(length) < 0) {
            return false;
        }
        sinceLast.reset().start();
        return true;
    }
}
