package io.modelbatch.training;

import io.modelbatch.training.objective.Example;
import java.util.List;

/**
 * The examples of a training.
 *
 * @param training the examples that the model learns from, at least one
 * @param heldOut the examples that it never learns from
 * @param <E> the examples
 */
public record TrainingSet<E extends Example>(List<E> training, List<E> heldOut) {
    /** Keeps its own copies. */
    public TrainingSet {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
    }
}
