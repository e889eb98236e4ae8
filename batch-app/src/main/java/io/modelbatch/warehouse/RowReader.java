package io.modelbatch.warehouse;

import java.util.Optional;

/** Reads one partition of a pinned input from a position to its end, in an order that its session keeps. */
public interface RowReader extends AutoCloseable {
    /**
     * The next rows: at most {@code maxRows}, and no further row once the texts so far exceed {@code maxTextBytes}; empty
     * at the end of the partition. At least one row otherwise.
     *
     * @throws SessionExpiredException when the rest can no longer be read in the order of the rows so far
     */
    Optional<RowBlock> read(int maxRows, long maxTextBytes);

    /**
     * The read session, which a {@link ReadPosition} behind the last block has to name; empty where the order is always the same. Another
     * block may have another one.
     */
    Optional<String> session();

    @Override
    void close();
}
