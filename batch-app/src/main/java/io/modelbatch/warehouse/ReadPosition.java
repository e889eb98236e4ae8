package io.modelbatch.warehouse;

import org.jspecify.annotations.Nullable;

/**
 * The position up to which the rows of a partition were read.
 *
 * @param session the session that they were read in, as {@link RowReader#session} named it: another session may bring them in another
 * order; null
 *     for a beginning, for the first row that no session brought yet, and where the order is always the same
 * @param rows rows consumed
 */
public record ReadPosition(@Nullable String session, long rows) {
    /** Nothing was read yet. */
    public static final ReadPosition BEGINNING = new ReadPosition(null, 0);
}
