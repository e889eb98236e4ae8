package io.modelbatch.step.train;

import io.modelbatch.training.objective.Metric;
import java.util.Map;
import java.util.TreeMap;

/**
 * The output of {@code evaluate} for later steps.
 *
 * @param metrics by {@linkplain Metric#key name}; those of an earlier version may have other names
 */
record EvaluationOutput(Map<String, Double> metrics) {
    static EvaluationOutput of(Map<Metric, Double> metrics) {
        Map<String, Double> byName = new TreeMap<>();
        metrics.forEach((metric, value) -> byName.put(metric.key(), value));
        return new EvaluationOutput(byName);
    }
}
