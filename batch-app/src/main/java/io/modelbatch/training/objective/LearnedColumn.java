package io.modelbatch.training.objective;

/**
 * A column that a training reads.
 *
 * @param option the key of the job file that names it
 * @param name its name
 * @param values the kind of its values
 */
public record LearnedColumn(String option, String name, Values values) {
    /** The kind of values in a column. */
    public enum Values {
        /** Texts that the model reads. */
        TEXT,
        /** Labels: at least two different ones, and each occurs often. */
        LABEL
    }
}
