package io.modelbatch.step;

/**
 * What {@code train} leaves.
 *
 * @param model folder of the fine-tuned model
 * @param base fingerprint of the model that it started from
 */
record TrainedModel(String model, String base) {}
