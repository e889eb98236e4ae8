package io.modelbatch.facts;

import org.jspecify.annotations.Nullable;

/**
 * A training at work.
 *
 * @param trainingStep optimizer steps so far, earlier executions included
 * @param trainingSteps all optimizer steps
 * @param loss mean loss since the last report
 * @param epoch the current pass over the examples, from 1
 * @param accuracy share of the held-out examples that were labelled correctly after the last complete epoch; null before that
 */
public record TrainingProgress(
        long trainingStep,
        long trainingSteps,
        double loss,
        int epoch,
        @Nullable Double accuracy) implements Facts {}
