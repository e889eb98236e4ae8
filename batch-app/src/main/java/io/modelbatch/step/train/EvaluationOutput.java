package io.modelbatch.step.train;

import java.util.Map;

/**
 * The output of {@code evaluate} for later steps.
 *
 * @param metrics by Hugging Face's names
 */
record EvaluationOutput(Map<String, Double> metrics) {}
