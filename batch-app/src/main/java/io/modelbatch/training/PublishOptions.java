package io.modelbatch.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.modelbatch.model.AddressPattern;
import io.modelbatch.training.objective.Metric;
import jakarta.validation.constraints.Pattern;
import java.util.Map;

/**
 * Options of the step that makes a trained model a version.
 *
 * @param to folder of versions, {@code gs://…}
 * @param require limit of each metric; beyond it, {@code latest} stays where it is
 */
public record PublishOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription("folder of the model's versions, gs://bucket/folder")
        @Pattern(regexp = AddressPattern.BUCKET_FOLDER, message = AddressPattern.BUCKET_FOLDER_MESSAGE)
        String to,

        @JsonPropertyDescription("limit of each metric for the version to become the latest")
        Map<Metric, Double> require) {
    /** Keeps its own copy. */
    public PublishOptions {
        require = Map.copyOf(require);
    }
}
