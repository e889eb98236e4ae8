package io.modelbatch.jobspec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that a job takes.
 *
 * @param type of its values
 * @param defaultText the value when none is given, as the file has it; null when one must be given
 * @param description its purpose; null when the file has none
 */
public record ParameterDeclaration(
        @JsonProperty(required = true) @JsonPropertyDescription("type of the parameter's values")
        ParameterType type,

        @JsonProperty("default")
        @JsonPropertyDescription("value when none is given; today and yesterday are dates too")
        @Nullable
        String defaultText,

        @JsonPropertyDescription("what the parameter is for") @Nullable
        String description) {}
