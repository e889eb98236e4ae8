package io.modelbatch.facts;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A finished training.
 *
 * @param usedModel the model that it began with
 * @param epochs passes over the examples
 * @param trainingSteps optimizer steps
 * @param loss mean loss of the last epoch
 * @param metrics of the held-out examples after the last epoch, by the name of the metric: {@code accuracy}, the share of
 *     examples that were labelled correctly. In JSON they stand beside the others
 * @param history each epoch
 */
public record Trained(
        UsedModel usedModel,
        int epochs,
        long trainingSteps,
        double loss,
        @JsonAnyGetter @JsonAnySetter Map<String, Double> metrics,
        List<Epoch> history)
        implements Facts {
    /**
     * One pass over the examples.
     *
     * @param epoch from 1
     * @param loss mean loss of its steps
     * @param metrics of the held-out examples after it
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

    /** Keeps its own copies. */
    public Trained {
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
        history = List.copyOf(history);
    }
}
