package io.modelbatch.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelbatch.facts.Histogram;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The difference between a distribution of a step and that of the same step of the previous run.
 *
 * @param of the distribution: {@code labels}, {@code scores} or {@code lengths}
 * @param jensenShannon Jensen-Shannon distance, from 0 (equal) to 1 (nothing in common)
 * @param populationStability population stability index, from 0 (equal); above 0.2 is usually called a significant change
 * @param previousLabels the labels of the previous run; null for another distribution
 * @param previousHistogram the histogram of the previous run; null for labels
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Drift(
        String of,
        double jensenShannon,
        double populationStability,
        @Nullable Map<String, Long> previousLabels,
        @Nullable Histogram previousHistogram) {
    /** Keeps its own copy. */
    public Drift {
        previousLabels =
                previousLabels == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(previousLabels));
    }
}
