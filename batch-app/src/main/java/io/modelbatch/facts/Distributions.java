package io.modelbatch.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The distributions of the answers of a step and of the texts that it read. Two runs of a job are compared by them.
 *
 * @param labels how often each label was answered, the most frequent first and at most 200. Empty where the model answers none
 * @param otherLabels how often all other labels were answered; null where {@code labels} are all
 * @param scores the scores of these labels, from 0 to 1; null where it gives none
 * @param lengths the lengths of the texts in tokens, as the model read them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(KebabCaseStrategy.class)
public record Distributions(
        Map<String, Long> labels,
        @Nullable Long otherLabels,
        @Nullable Histogram scores,
        Histogram lengths) {
    /** Keeps its own copy. */
    public Distributions {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }
}
