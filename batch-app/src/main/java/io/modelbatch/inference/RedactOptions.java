package io.modelbatch.inference;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The replacement of entities in a copy of the text.
 *
 * @param as the kind of replacement
 * @param keyFrom the name of the environment variable with the key of hashes; null where there are none
 */
public record RedactOptions(
        @JsonProperty(defaultValue = "label")
        @JsonPropertyDescription("what replaces an entity: its label, or its label and a keyed hash of its text")
        As as,

        @JsonPropertyDescription("environment variable that has the key of the hashes")
        @Pattern(regexp = "[A-Za-z_][A-Za-z0-9_]*", message = "must be the name of an environment variable")
        @Nullable
        String keyFrom) {
    /** The replacement of an entity. */
    public enum As {
        /** Its label: {@code [PERSON]}. */
        LABEL,
        /** Its label and a keyed hash of its text, the same for the same text: {@code [PERSON_0123456789abcdef]}. */
        HASH
    }
}
