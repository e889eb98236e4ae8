package io.modelbatch.extension;

import org.jspecify.annotations.Nullable;

/** Receives the rows that a row becomes. */
@FunctionalInterface
public interface RowSink {
    /**
     * Adds a row; its values are set afterwards.
     *
     * @throws IllegalStateException when the row becomes more rows, or larger ones, than it may
     */
    OutputRow add();

    /** A row of the result. */
    interface OutputRow {
        /**
         * Sets the value of a column that the type {@linkplain TransformType#columns declares}: for {@code STRING} a {@code String}, for
         * {@code INT64} an {@code Integer} or {@code Long}, for {@code FLOAT64} any {@code Number}, and for the others what {@link InputRow}
         * gives for them. A column of texts or scores that is not set is null; the others have no null.
         *
         * @throws IllegalArgumentException when there is no such column, or it cannot have that value
         */
        OutputRow set(String column, @Nullable Object value);
    }
}
