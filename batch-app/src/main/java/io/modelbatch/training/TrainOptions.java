package io.modelbatch.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.modelbatch.model.AddressPattern;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Options of the step that trains a model. From {@code numTrainEpochs} on, names, meanings and defaults are those of
 * Hugging Face's {@code TrainingArguments}.
 *
 * @param model the model to start from: {@code gs://…}, {@code gs://…@latest} or a folder
 * @param task what the model learns
 * @param text column of the text
 * @param textPair column of the second text, for a model of pairs; null for one text
 * @param label column of the label
 * @param holdout share of the rows, chosen by a hash of the key, that the model never learns from
 * @param maxLength tokens a text is cut to; null for as many as the model takes
 * @param seed below 2^32, as NumPy and PyTorch both take it
 */
public record TrainOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription("model to start from: gs://bucket/folder, gs://bucket/folder@latest or a folder")
        @Pattern(regexp = AddressPattern.MODEL, message = AddressPattern.MODEL_MESSAGE)
        String model,

        @JsonProperty(required = true) @JsonPropertyDescription("what the model learns")
        LearnedTask task,

        @JsonProperty(required = true) @JsonPropertyDescription("column of the text") @NotBlank
        String text,

        @JsonPropertyDescription("column of the second text, for a model of pairs") @NotBlank @Nullable
        String textPair,

        @JsonProperty(required = true) @JsonPropertyDescription("column of the label") @NotBlank
        String label,

        @JsonProperty(defaultValue = "0.1")
        @JsonPropertyDescription("share of the rows, by a hash of the key, that is kept for evaluation")
        @DecimalMin(value = "0", inclusive = false)
        @DecimalMax(value = "1", inclusive = false)
        double holdout,

        @JsonPropertyDescription("tokens that a text is cut to; without it, as many as the model takes")
        @Min(1)
        @Nullable
        Integer maxLength,

        @JsonProperty(defaultValue = "3") @JsonPropertyDescription("times that the model sees every row") @Min(1)
        int numTrainEpochs,

        @JsonProperty(defaultValue = "5e-5")
        @JsonPropertyDescription("learning rate at its highest")
        @DecimalMin(value = "0", inclusive = false)
        double learningRate,

        @JsonProperty(defaultValue = "8") @JsonPropertyDescription("rows of an optimizer step") @Min(1)
        int perDeviceTrainBatchSize,

        @JsonProperty(defaultValue = "0.0")
        @JsonPropertyDescription("weight decay of all weights but biases and normalisations")
        @DecimalMin("0")
        double weightDecay,

        @JsonProperty(defaultValue = "0.0")
        @JsonPropertyDescription("share of the steps in which the learning rate rises")
        @DecimalMin("0")
        @DecimalMax("1")
        double warmupRatio,

        @JsonProperty(defaultValue = "1.0")
        @JsonPropertyDescription("norm that all gradients together are clipped to; 0 clips nothing")
        @DecimalMin("0")
        double maxGradNorm,

        @JsonProperty(defaultValue = "0.9")
        @JsonPropertyDescription("AdamW's beta1")
        @DecimalMin("0")
        @DecimalMax(value = "1", inclusive = false)
        double adamBeta1,

        @JsonProperty(defaultValue = "0.999")
        @JsonPropertyDescription("AdamW's beta2")
        @DecimalMin("0")
        @DecimalMax(value = "1", inclusive = false)
        double adamBeta2,

        @JsonProperty(defaultValue = "1e-8")
        @JsonPropertyDescription("AdamW's epsilon")
        @DecimalMin(value = "0", inclusive = false)
        double adamEpsilon,

        @JsonProperty(defaultValue = "42")
        @JsonPropertyDescription("seed of the order of the rows, dropout and new weights")
        @Min(0)
        @Max(4294967295L)
        long seed,

        @JsonProperty(defaultValue = "500") @JsonPropertyDescription("optimizer steps between two checkpoints") @Min(1)
        int saveSteps,

        @JsonProperty(defaultValue = "linear") @JsonPropertyDescription("course of the learning rate after the warm-up")
        Schedule lrSchedulerType) {
    /** The tasks that can be trained. */
    public enum LearnedTask {
        TEXT_CLASSIFICATION
    }

    /** The learning rate schedule, spelled as Hugging Face spells it. */
    public enum Schedule {
        /** Rises during the warm-up, then falls to 0. */
        @JsonProperty("linear")
        LINEAR,
        /** Stays, without a warm-up. */
        @JsonProperty("constant")
        CONSTANT,
        /** Rises during the warm-up, then stays. */
        @JsonProperty("constant_with_warmup")
        CONSTANT_WITH_WARMUP
    }

    /** {@code maxLength}, where it is given. */
    public OptionalInt longest() {
        return maxLength == null ? OptionalInt.empty() : OptionalInt.of(maxLength);
    }
}
