package io.modelbatch.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Where a run ran.
 *
 * @param name {@code local} or {@code gcp}
 * @param project the Google Cloud project that it was billed to; null locally
 * @param location where its queries ran; null locally
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunEnvironment(
        String name, @Nullable String project, @Nullable String location) {
    /** The folder that stands for everything. */
    public static final RunEnvironment LOCAL = new RunEnvironment("local", null, null);
}
