package io.modelbatch.step;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many rows the next block holds: about ten seconds of work at the rate of the last one. So a slow CPU loses seconds to a
 * crash, and a fast GPU makes no flood of tiny objects.
 */
final class BlockSize {
    static final long MAX_TEXT_BYTES = 64L << 20;
    private static final int FIRST = 2_048;
    private static final int LEAST = 256;
    private static final int MOST = 65_536;
    private static final Duration WORK = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private final boolean fixed;
    private int rows;
    /** When the block before was done, or the first one was asked for; 0 at first. */
    private long since;

    private BlockSize(int rows, boolean fixed, LongSupplier nanoTime) {
        this.rows = rows;
        this.fixed = fixed;
        this.nanoTime = nanoTime;
    }

    static BlockSize fixed(int rows) {
        return new BlockSize(rows, true, System::nanoTime);
    }

    static BlockSize byRate(LongSupplier nanoTime) {
        return new BlockSize(FIRST, false, nanoTime);
    }

    /** Rows of the next block. */
    synchronized int next() {
        if (since == 0) {
            since = nanoTime.getAsLong();
        }
        return rows;
    }

    /** The block in hand, of that many rows, is done. */
    synchronized void done(int blockRows) {
        if (!fixed) {
            long now = nanoTime.getAsLong();
            double seconds = Math.max(1, now - since) / 1e9;
            since = now;
            double wanted = blockRows / seconds * WORK.toSeconds();
            rows = (int) Math.max(LEAST, Math.min(MOST, wanted));
        }
    }
}
