package io.modelbatch.step.command;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.Target;
import io.modelbatch.store.ObjectUri;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    /** The values that a step with these options leaves for later steps. */
    static final List<StepResult> RESULTS = List.of(
            StepResult.ofOption("uri", "outputs", "folder of the uploaded files"),
            new StepResult("files", "number of the uploaded files"),
            new StepResult("bytes", "their length, all together"));

    /** The keys whose values must be known when a run begins. */
    static final Set<String> KNOWN_AT_START = Set.of("outputs");

    /** The folder of the bucket. */
    Optional<ObjectUri> folder() {
        return Optional.ofNullable(outputs).map(ObjectUri::parse);
    }

    /** The addresses that are written. */
    List<String> written() {
        return folder().map(ObjectUri::toString).stream().toList();
    }

    /** The folders that no other run may write at the same time. */
    List<Target> targets() {
        return folder().map(Target::result).stream().toList();
    }
}
