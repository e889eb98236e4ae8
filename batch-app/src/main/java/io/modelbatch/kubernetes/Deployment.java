package io.modelbatch.kubernetes;

import io.modelbatch.jobspec.JobFile;
import java.util.Optional;

/**
 * A job, and how it shall run.
 *
 * @param job the job
 * @param text its file, as it is written
 * @param image the container image; empty where it is not decided
 * @param workers the processes that share a run; empty for a run in one process
 * @param google the settings of Google Cloud
 */
public record Deployment(
        JobFile job, String text, Optional<ImageName> image, Optional<Workers> workers, GoogleCloud google) {
    /** The machine of a run in one process, or of a worker. */
    Machine machine() {
        return Machine.of(job.resources());
    }
}
