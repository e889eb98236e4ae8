package io.modelbatch.step.transform;

import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.ResultOptions;
import io.modelbatch.step.rows.StepInput;

/**
 * All that the partitions of a transform are executed from, in whichever process. The manager commits it before any of them begins.
 *
 * @param type the key of the step's type
 * @param options of the step as JSON, with the run's parameters in their places
 * @param result the part of them that is about the result
 * @param input the rows
 * @param schema the columns of the result
 */
record PinnedTransform(String type, String options, ResultOptions result, StepInput input, RecordSchema schema) {}
