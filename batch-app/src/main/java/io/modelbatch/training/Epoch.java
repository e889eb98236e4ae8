package io.modelbatch.training;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of one pass over the examples.
 *
 * @param epoch counted from 1
 * @param loss mean loss of its steps
 * @param metrics of the held-out examples afterwards, by the name of the metric. In JSON they stand beside the
 *     others
 */
public record Epoch(
        int epoch,
        double loss,
        @JsonAnyGetter @JsonAnySetter Map<String, Double> metrics) {
    /** Keeps its own copy. */
    public Epoch {
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    }
}
