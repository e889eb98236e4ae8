package io.modelbatch.step.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.modelbatch.store.ObjectUri;
import jakarta.validation.constraints.Pattern;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options of the step that executes a notebook.
 *
 * @param notebook its file
 * @param parameters {@code String}, {@code Long}, {@code Double} or {@code Boolean} by name
 * @param kernel null for that of the notebook
 * @param program how papermill is run
 */
public record NotebookOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription(
                "the notebook, a path from the folder of the job files, or else from the working directory. Its folder is"
                        + " copied into the workspace, so modules beside it are found")
        @Pattern(regexp = ObjectUri.LOCAL_PATTERN, message = ObjectUri.LOCAL_MESSAGE)
        String notebook,

        @JsonPropertyDescription("values for the notebook, in place of those in its cell with the tag 'parameters'")
        Map<String, Object> parameters,

        @JsonPropertyDescription("name of the kernel that executes it; without it, the one that the notebook names")
        @Pattern(regexp = "[A-Za-z0-9._-]{1,100}", message = "must be the name of a kernel, such as python3")
        @Nullable
        String kernel,

        @JsonUnwrapped ProgramOptions program) {}
