package io.modelbatch.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;

/**
 * Options of the step that copies objects to this machine.
 *
 * @param from an object or a folder
 * @param to the object's file, or the folder of the folder's files; with a slash at the end always a folder
 */
public record DownloadOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription("object or folder, gs://bucket/name")
        @Pattern(regexp = ObjectUri.PATTERN, message = ObjectUri.MESSAGE)
        String from,

        @JsonProperty(required = true)
        @JsonPropertyDescription(
                "file or folder of this machine that receives them, relative to the working directory or absolute; a folder"
                        + " if it ends with a slash")
        @Pattern(regexp = ObjectUri.LOCAL_PATTERN, message = ObjectUri.LOCAL_MESSAGE)
        String to) {
    /** True if {@code to} is a folder even where there is none yet. */
    public boolean intoFolder() {
        return to.endsWith("/");
    }
}
