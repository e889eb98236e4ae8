package io.modelbatch.step.infer;

import io.modelbatch.step.StepKit;
import io.modelbatch.step.rows.RowServices;

/**
 * The services that {@code infer} steps work with, in the manager's process and in those that execute partitions.
 *
 * @param rows those of every step with a result of rows
 * @param models has what is loaded
 */
record InferServices(RowServices rows, OpenModels models) {
    StepKit kit() {
        return rows.kit();
    }
}
