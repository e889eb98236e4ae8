package io.modelbatch.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The distributions of the answers of a step and of the texts that it read. Two runs of a job are compared by them.
 *
 * @param labels how often each label was answered, the most frequent first; the rare ones of many together as {@code other}. Empty where
 *     the model answers no labels
 * @param scores the scores of these labels, from 0 to 1; null where it gives none
 * @param lengths the lengths of the texts in tokens, as the model read them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Distributions(
        Map<String, Long> labels, @Nullable Histogram scores, Histogram lengths) {
    /** Keeps its own copy. */
    public Distributions {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }
}
