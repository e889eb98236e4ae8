package io.modelbatch.training;

/** Options of the step that measures a trained model on the rows that were held out. It has none. */
public record EvaluateOptions() {}
