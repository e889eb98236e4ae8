package io.modelbatch.source;

import java.util.Optional;

/** Reads one partition of a pinned input from a position to its end, always in the same order. */
public interface RowReader extends AutoCloseable {
    /**
     * The next rows: at most {@code maxRows}, and no further row once the texts so far exceed {@code maxTextBytes}; empty
     * at the end of the partition. At least one row otherwise.
     */
    Optional<RowBlock> read(int maxRows, long maxTextBytes);

    @Override
    void close();
}
