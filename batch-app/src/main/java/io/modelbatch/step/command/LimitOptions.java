package io.modelbatch.step.command;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a program.
 *
 * @param memory null for none
 */
public record LimitOptions(
        @JsonPropertyDescription("memory of all processes of the program, such as 4Gi")
        @Pattern(regexp = "[1-9][0-9]{0,8}(Mi|Gi|Ti)", message = "must be a whole number of Mi, Gi or Ti, such as 4Gi")
        @Nullable
        String memory) {}
