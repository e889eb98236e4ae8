package io.modelbatch.step.command;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.modelbatch.store.ObjectUri;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of the workspace that are uploaded.
 *
 * @param outputs null for none
 * @param files patterns of their names; none for all files
 */
public record OutputOptions(
        @JsonPropertyDescription(
                "folder of a bucket that receives files of the workspace after success, gs://bucket/folder")
        @Pattern(regexp = ObjectUri.PATTERN, message = ObjectUri.MESSAGE)
        @Nullable
        String outputs,

        @JsonPropertyDescription(
                "patterns of the files for outputs, such as *.html or charts/**; without it, all files")
        List<@NotBlank String> files) {
    /** The folder of the bucket. */
    Optional<ObjectUri> folder() {
        return Optional.ofNullable(outputs).map(ObjectUri::parse);
    }
}
