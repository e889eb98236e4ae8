package io.modelbatch.jobspec;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys that every step may have beside those of its type.
 *
 * @param name null for the step's type
 */
record StepName(
        @JsonPropertyDescription("name of the step; without it, its type")
        @Pattern(regexp = "[a-z0-9-]{1,60}", message = "must be 1 to 60 of a-z, 0-9 and -")
        @Nullable
        String name) {
    String or(String other) {
        return name == null ? other : name;
    }
}
