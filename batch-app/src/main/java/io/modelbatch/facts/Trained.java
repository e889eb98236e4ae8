package io.modelbatch.facts;

import java.util.List;

/**
 * A finished training.
 *
 * @param usedModel the model that it began with
 * @param epochs passes over the examples
 * @param trainingSteps optimizer steps
 * @param loss mean loss of the last epoch
 * @param accuracy share of the held-out examples that were labelled correctly after the last epoch
 * @param history each epoch
 */
public record Trained(
        UsedModel usedModel, int epochs, long trainingSteps, double loss, double accuracy, List<Epoch> history)
        implements Facts {
    /**
     * One pass over the examples.
     *
     * @param epoch from 1
     * @param loss mean loss of its steps
     * @param accuracy share of the held-out examples that were labelled correctly after it
     */
    public record Epoch(int epoch, double loss, double accuracy) {}

    /** Keeps its own copy. */
    public Trained {
        history = List.copyOf(history);
    }
}
