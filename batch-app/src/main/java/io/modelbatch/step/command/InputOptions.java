package io.modelbatch.step.command;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.modelbatch.store.ObjectUri;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that a program finds in its workspace.
 *
 * @param directory files that are copied into the workspace; null for none
 * @param inputs objects and folders of buckets by name
 */
public record InputOptions(
        @JsonPropertyDescription(
                "folder of this machine; its files are copied into the workspace before the first attempt")
        @Pattern(regexp = ObjectUri.LOCAL_PATTERN, message = ObjectUri.LOCAL_MESSAGE)
        @Nullable
        String directory,

        @JsonPropertyDescription(
                "objects and folders of buckets by a name, copied before each attempt into inputs/NAME of the workspace")
        Map<String, @Pattern(regexp = ObjectUri.PATTERN, message = ObjectUri.MESSAGE) String> inputs) {
    /** The folder of the workspace that has them. */
    private static final Path FOLDER = Path.of("inputs");

    /** The inputs by their paths in the workspace. */
    Map<Path, ObjectUri> places() {
        Map<Path, ObjectUri> places = new TreeMap<>();
        inputs.forEach((name, address) -> places.put(FOLDER.resolve(name), ObjectUri.parse(address)));
        return places;
    }
}
