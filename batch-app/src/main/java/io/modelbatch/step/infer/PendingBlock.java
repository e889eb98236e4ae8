package io.modelbatch.step.infer;

import io.modelbatch.inference.PendingAnswers;
import io.modelbatch.warehouse.RowBlock;
import java.util.Optional;

/**
 * A block of rows that the model is answering.
 *
 * @param rows the rows
 * @param answers their answers, once they are computed
 * @param session the session that they were read in; empty where their order is always the same
 */
record PendingBlock(RowBlock rows, PendingAnswers answers, Optional<String> session) {}
