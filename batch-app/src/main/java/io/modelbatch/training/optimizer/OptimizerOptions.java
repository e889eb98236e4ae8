package io.modelbatch.training.optimizer;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

/** AdamW. Names, meanings and defaults are those of Hugging Face's {@code TrainingArguments}. */
public record OptimizerOptions(
        @JsonProperty(defaultValue = "0.0")
        @JsonPropertyDescription("weight decay of all weights but biases and normalisations")
        @DecimalMin("0")
        double weightDecay,

        @JsonProperty(defaultValue = "1.0")
        @JsonPropertyDescription("norm that all gradients together are clipped to; 0 for no clipping")
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
        double adamEpsilon) {}
