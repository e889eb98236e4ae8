package io.modelbatch.step.infer;

import io.modelbatch.inference.Answers;
import io.modelbatch.step.rows.FinishedBlock;

/**
 * A block of rows after the model.
 *
 * @param block the answers, and the rows that have none
 * @param counts its answers and rejects, counted
 * @param work tokens and time that the block took
 */
record AnsweredBlock(FinishedBlock block, AnswerCounts counts, Answers.Usage work) {}
