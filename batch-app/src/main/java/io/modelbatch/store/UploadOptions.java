package io.modelbatch.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Options of the step that copies files of this machine into a bucket.
 *
 * @param from a file or a folder
 * @param to the file's object, or the folder of the folder's files; with a slash at the end always a folder
 * @param overwrite whether an object with other content is replaced
 */
public record UploadOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription("file or folder of this machine, relative to the working directory or absolute")
        @Pattern(regexp = ObjectUri.LOCAL_PATTERN, message = ObjectUri.LOCAL_MESSAGE)
        String from,

        @JsonProperty(required = true)
        @JsonPropertyDescription(
                "object or folder that receives them, gs://bucket/name; a folder if it ends with a slash")
        @Pattern(regexp = ObjectUri.PATTERN, message = ObjectUri.MESSAGE)
        String to,

        @JsonProperty(defaultValue = "false")
        @JsonPropertyDescription("replace existing objects with different content, instead of failing")
        boolean overwrite) {
    /** The object of the file, or the folder of the files, as far as is known before they are there. */
    public ObjectUri target() {
        ObjectUri target = ObjectUri.parse(to);
        Path file = Path.of(from);
        return to.endsWith("/") && Files.isRegularFile(file)
                ? target.child(String.valueOf(file.getFileName()))
                : target;
    }
}
