package io.modelbatch.training.objective;

import io.modelbatch.facts.Facts;
import java.util.Map;

/**
 * The result of {@code evaluate}.
 *
 * @param metrics the value of each {@linkplain Objective#metrics metric}
 * @param facts the metrics with what explains them, for the report
 */
public record Evaluation(Map<Metric, Double> metrics, Facts facts) {
    /** Keeps its own copy. */
    public Evaluation {
        metrics = Map.copyOf(metrics);
    }
}
