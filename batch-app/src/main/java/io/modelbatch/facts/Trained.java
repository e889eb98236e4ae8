package io.modelbatch.facts;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

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
 * @param uri the folder of the trained model; null where an earlier version trained it
 * @param curve the loss and the learning rate over the optimizer steps, at most about 200 points
 * @param device the hardware that computed last; null where an earlier version ran it
 */
public record Trained(
        UsedModel usedModel,
        int epochs,
        long trainingSteps,
        double loss,
        @JsonAnyGetter @JsonAnySetter Map<String, Double> metrics,
        List<Epoch> history,
        @Nullable String uri,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<Point> curve,
        @Nullable String device)
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

    /**
     * Consecutive optimizer steps.
     *
     * @param step the last of them, from 1
     * @param loss their mean loss
     * @param learningRate that of the last
     */
    @JsonNaming(KebabCaseStrategy.class)
    public record Point(long step, double loss, double learningRate) {}

    /** Keeps its own copies. */
    public Trained {
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
        history = List.copyOf(history);
        curve = List.copyOf(curve);
    }

    @Override
    public Map<String, Object> results() {
        Map<String, Object> results = new TreeMap<>(Map.of("epochs", epochs, "loss", loss));
        if (uri != null) {
            results.put("uri", uri);
        }
        return results;
    }
}
