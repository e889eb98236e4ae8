package io.modelbatch.step.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * Options of the step that runs a program.
 *
 * @param run the program and its arguments; no shell reads them
 * @param program how it is run
 */
public record CommandOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription("the program and its arguments, each an item of a list; no shell reads them")
        List<String> run,

        @JsonUnwrapped ProgramOptions program) {}
