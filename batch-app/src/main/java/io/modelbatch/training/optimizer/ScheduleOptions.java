package io.modelbatch.training.optimizer;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

/** The learning rate schedule. Names, meanings and defaults are those of Hugging Face's {@code TrainingArguments}. */
public record ScheduleOptions(
        @JsonProperty(defaultValue = "5e-5")
        @JsonPropertyDescription("learning rate at its highest")
        @DecimalMin(value = "0", inclusive = false)
        double learningRate,

        @JsonProperty(defaultValue = "0.0")
        @JsonPropertyDescription("share of the steps in which the learning rate rises")
        @DecimalMin("0")
        @DecimalMax("1")
        double warmupRatio,

        @JsonProperty(defaultValue = "linear")
        @JsonPropertyDescription("schedule of the learning rate after the warm-up")
        SchedulerType lrSchedulerType) {
    /** The schedule, spelled as Hugging Face spells it. */
    public enum SchedulerType {
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
}
