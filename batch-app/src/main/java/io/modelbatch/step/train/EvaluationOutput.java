package io.modelbatch.step.train;

import io.modelbatch.training.objective.Metric;
import io.modelbatch.training.objective.MetricValues;
import java.util.Map;

/**
 * The output of {@code evaluate} for later steps.
 *
 * @param metrics by {@linkplain Metric#key name}; those of an earlier version may have other names
 */
record EvaluationOutput(Map<String, Double> metrics) {
    static EvaluationOutput of(Map<Metric, Double> metrics) {
        return new EvaluationOutput(new MetricValues(metrics).byName());
    }
}
