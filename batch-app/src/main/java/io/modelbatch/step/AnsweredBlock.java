package io.modelbatch.step;

import io.modelbatch.artifact.RecordBlock;

/**
 * A block of rows after the model.
 *
 * @param rows rows that it was made of
 * @param records a record for each
 */
record AnsweredBlock(int rows, RecordBlock records) {}
