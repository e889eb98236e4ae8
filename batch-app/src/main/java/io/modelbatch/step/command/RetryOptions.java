package io.modelbatch.step.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;

/**
 * The failures of a program that are worth another attempt.
 *
 * @param retries attempts after the first one
 * @param retryOn exit codes
 */
public record RetryOptions(
        @JsonProperty(defaultValue = "0")
        @JsonPropertyDescription("more attempts within the step, after an exit code of retry-on")
        @Min(0)
        @Max(100)
        int retries,

        @JsonPropertyDescription("exit codes that are worth a retry, each from 1 to 255")
        List<@Min(1) @Max(255) Integer> retryOn) {}
