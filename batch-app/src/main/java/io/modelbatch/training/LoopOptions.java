package io.modelbatch.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * The steps of a training: how many, with how many rows, in which order, and which of them are saved. Names, meanings and defaults are those
 * of Hugging Face's {@code TrainingArguments}.
 *
 * @param seed below 2^32, as NumPy and PyTorch both take it
 */
public record LoopOptions(
        @JsonProperty(defaultValue = "3") @JsonPropertyDescription("times that the model sees every row") @Min(1)
        int numTrainEpochs,

        @JsonProperty(defaultValue = "8") @JsonPropertyDescription("rows of an optimizer step") @Min(1)
        int perDeviceTrainBatchSize,

        @JsonProperty(defaultValue = "42")
        @JsonPropertyDescription("seed of the order of the rows, dropout and new weights")
        @Min(0)
        @Max(4294967295L)
        long seed,

        @JsonProperty(defaultValue = "500") @JsonPropertyDescription("optimizer steps between two checkpoints") @Min(1)
        int saveSteps) {}
