package io.modelbatch.step;

/**
 * What {@code train} leaves.
 *
 * @param model folder of the fine-tuned model
 * @param base address of the model that it started from
 */
record TrainedModel(String model, String base) {}
