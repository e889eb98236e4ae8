package io.modelbatch.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a model learns from.
 *
 * @param text column of the text
 * @param textPair column of the second text, for a model of pairs; null for one text
 * @param label column of the label
 * @param holdout share of the rows, chosen by a hash of the key, that the model never learns from
 * @param maxLength tokens that a text is truncated to; null for as many as the model takes
 */
public record DataOptions(
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

        @JsonPropertyDescription(
                "most tokens of a text, which is truncated to them; without it, as many as the model takes")
        @Min(1)
        @Nullable
        Integer maxLength) {
    /** {@code maxLength}, where it is given. */
    public OptionalInt longest() {
        return maxLength == null ? OptionalInt.empty() : OptionalInt.of(maxLength);
    }
}
