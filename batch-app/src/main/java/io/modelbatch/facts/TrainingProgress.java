package io.modelbatch.facts;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A training at work.
 *
 * @param trainingStep optimizer steps so far, earlier executions included
 * @param trainingSteps all optimizer steps
 * @param loss mean loss since the last report
 * @param epoch the current pass over the examples, from 1
 * @param metrics of the held-out examples after the last complete epoch, by the name of the metric: {@code accuracy}, the
 *     share of examples that were labelled correctly. Empty before that. In JSON they stand beside the others
 */
public record TrainingProgress(
        long trainingStep,
        long trainingSteps,
        double loss,
        int epoch,
        @JsonAnyGetter @JsonAnySetter Map<String, Double> metrics)
        implements Facts {
    /** Keeps its own copy. */
    public TrainingProgress {
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    }
}
