package io.modelbatch.step.infer;

import io.modelbatch.inference.InferOptions;
import io.modelbatch.step.rows.StepInput;

/**
 * All that the partitions of an {@code infer} step are executed from, in whichever process. The manager commits it before any of them begins.
 *
 * @param options of the step, with the run's parameters in their places
 * @param input the rows
 * @param model answers them
 */
record PinnedInference(InferOptions options, StepInput input, PinnedModel model) {}
