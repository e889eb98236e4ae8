package io.modelbatch.training;

/**
 * The result of an optimizer step.
 *
 * @param epoch its epoch, counted from 1
 * @param step its number, counted from 1
 * @param steps steps of the whole training
 * @param loss mean cross entropy of its examples
 * @param gradientNorm norm of all gradients together, before clipping
 * @param learningRate the rate that it used
 */
public record StepResult(int epoch, long step, long steps, double loss, double gradientNorm, double learningRate) {}
