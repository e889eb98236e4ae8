package io.modelbatch.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Pattern;
import java.util.Map;

/**
 * Options of the step that makes a trained model a version.
 *
 * @param to folder of versions, {@code gs://…}
 * @param require least value of each metric; below it, {@code latest} stays where it is
 */
public record PublishOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription("folder of the model's versions, gs://bucket/folder")
        @Pattern(regexp = AddressPattern.BUCKET_FOLDER, message = AddressPattern.BUCKET_FOLDER_MESSAGE)
        String to,

        @JsonPropertyDescription("least value of each metric for the version to become the latest")
        Map<Metric, @DecimalMin("0") @DecimalMax("1") Double> require) {
    /** What an evaluation measures. */
    public enum Metric {
        /** Rows labelled as they should be, of all rows. */
        ACCURACY,
        /** Mean over the labels of each label's F1. */
        F1_MACRO
    }

    /** Keeps its own copy. */
    public PublishOptions {
        require = Map.copyOf(require);
    }
}
