package io.modelbatch.step;

import java.util.Map;

/**
 * What {@code evaluate} leaves.
 *
 * @param metrics by Hugging Face's names
 */
record EvaluationOutput(Map<String, Double> metrics) {}
