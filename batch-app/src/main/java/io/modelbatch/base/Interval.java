package io.modelbatch.base;

import com.google.common.base.Stopwatch;
import com.google.common.base.Ticker;
import java.time.Duration;

/** Something that is done at once, and then once in a while. */
public final class Interval {
    private final Duration length;
    private final Stopwatch sinceLast;

    /** @param length from one time to the next */
    public Interval(Duration length) {
        this(length, Ticker.systemTicker());
    }

    /** The same by another clock. */
    public Interval(Duration length, Ticker ticker) {
        this.length = length;
        this.sinceLast = Stopwatch.createUnstarted(ticker);
    }

    /** True when it is to be done now; the next time then begins. */
    public boolean isDue() {
        if (sinceLast.isRunning() && sinceLast.elapsed().compareTo(length) < 0) {
            return false;
        }
        restart();
        return true;
    }

    /** It is due a whole length from now. */
    public void restart() {
        sinceLast.reset().start();
    }
}
