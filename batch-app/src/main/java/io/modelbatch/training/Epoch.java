package io.modelbatch.training;

/**
 * The result of one pass over the examples.
 *
 * @param epoch counted from 1
 * @param loss mean loss of its steps
 * @param accuracy share of the held-out examples that the model labels rightly afterwards
 */
public record Epoch(int epoch, double loss, double accuracy) {}
