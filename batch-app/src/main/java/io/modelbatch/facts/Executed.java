package io.modelbatch.facts;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program that was run.
 *
 * @param exitCode of its last attempt; 128 and more for a signal. Null when the attempt was ended
 * @param attempts of this execution of the step
 * @param programSeconds that they took
 * @param peakMemory bytes that its processes had in memory at once: together in a control group, else the largest one; null where nothing counted it
 * @param files files that were uploaded
 * @param bytes their length, all together
 * @param uri where they are; null for none
 * @param output the object with what it printed; null when it could not be kept
 */
public record Executed(
        @Nullable Integer exitCode,
        int attempts,
        double programSeconds,
        @Nullable Long peakMemory,
        int files,
        long bytes,
        @Nullable String uri,
        @Nullable String output)
        implements Facts {
    @Override
    public Map<String, Object> results() {
        return uri == null
                ? Map.of("files", files, "bytes", bytes)
                : Map.of("uri", uri, "files", files, "bytes", bytes);
    }
}
