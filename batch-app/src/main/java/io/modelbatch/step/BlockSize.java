package io.modelbatch.step;

import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The number of rows of the next block: about ten seconds of work at the rate of the last one. So a slow CPU loses seconds to a
 * crash, and a fast GPU makes no flood of tiny objects.
 */
public final class BlockSize {
    public static final long MAX_TEXT_BYTES = 64L << 20;
    private static final int FIRST = 2_048;
    private static final int LEAST = 256;
    private static final int MOST = 65_536;
    private static final Duration WORK = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private final int least;
    private final int most;
    private int rows;
    private boolean begun;
    /** When the block before was done, or the first one was asked for. */
    private long since;

    private BlockSize(int least, int most, LongSupplier nanoTime) {
        this.least = least;
        this.most = most;
        this.rows = Math.max(least, Math.min(most, FIRST));
        this.nanoTime = nanoTime;
    }

    public static BlockSize fixed(int rows) {
        return new BlockSize(rows, rows, System::nanoTime);
    }

    /**
     * By the rate so far.
     *
     * @param most rows of a block, whatever the rate
     */
    public static BlockSize byRate(int most, LongSupplier nanoTime) {
        return new BlockSize(Math.min(LEAST, most), most, nanoTime);
    }

    /** The most rows of a block whose answers are to fit into memory. */
    public static int most(RecordSchema schema) {
        long bytes = 1;
        for (RecordSchema.Field field : schema.fields()) {
            if (field.type() instanceof FieldType.Embedding embedding) {
                bytes += (long) embedding.dimensions() * Float.BYTES;
            }
        }
        return (int) Math.max(LEAST, Math.min(MOST, MAX_TEXT_BYTES / bytes));
    }

    /** Rows of the next block. */
    public synchronized int next() {
        if (!begun) {
            begun = true;
            since = nanoTime.getAsLong();
        }
        return rows;
    }

    /** The current block, of that many rows, is done. */
    public synchronized void done(int blockRows) {
        long now = nanoTime.getAsLong();
        double seconds = Math.max(1, now - since) / 1e9;
        since = now;
        double wanted = blockRows / seconds * WORK.toSeconds();
        rows = (int) Math.max(least, Math.min(most, wanted));
    }
}
