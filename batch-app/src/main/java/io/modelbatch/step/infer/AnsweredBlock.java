package io.modelbatch.step.infer;

import io.modelbatch.inference.Answers;
import io.modelbatch.step.rows.FinishedBlock;

/**
 * A block of rows after the model.
 *
 * @param block the answers, and the rows that have none
 * @param work tokens and time that the block took
 */
record AnsweredBlock(FinishedBlock block, Answers.Usage work) {}
