package io.modelbatch.extension;

import io.modelbatch.warehouse.Extraction.Use.Variety;

/**
 * A column that a step reads of the rows of an earlier {@code extract}.
 *
 * @param option the key of the job file that names the column
 * @param column the name of the column
 * @param variety number of different values that it must have; of {@link Variety#FEW} a preview lists the values
 */
public record ColumnUse(String option, String column, Variety variety) {
    /** A column that may have any values. */
    public ColumnUse(String option, String column) {
        this(option, column, Variety.ANY);
    }
}
