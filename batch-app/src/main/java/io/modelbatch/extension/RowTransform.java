package io.modelbatch.extension;

/** Makes zero, one or many rows of a row. */
@FunctionalInterface
public interface RowTransform {
    /**
     * Takes the next row.
     *
     * @param row with the columns that its type {@linkplain StepType#reads reads}
     * @param out receives the rows that it becomes
     * @throws RejectedRowException sets the row aside with a reason; what it became so far is dropped
     * @throws Exception fails the step
     */
    void apply(InputRow row, RowSink out) throws Exception;
}
