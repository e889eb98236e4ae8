package io.modelbatch.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.modelbatch.run.claim.RunProcess;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run as the job repository knows it.
 *
 * @param run its name, unique in the job repository
 * @param job the job file's name
 * @param status Spring Batch's status of its last execution
 * @param parameters the values that identify it
 * @param started when it first started
 * @param ended when its last execution ended; null while it runs
 * @param pruned since when its pinned rows, logs and report are gone; null as long as they are there
 * @param seconds that its executions took, all together
 * @param exit the exit code of its last execution; null while it runs, and when its process was killed
 * @param cause the cause of the failure of its last execution; null when nothing did, or its process was killed
 * @param process the process that works on it; null when it has ended, or is not known
 * @param workers those of other processes; null where none of its partitions is in the queue
 * @param steps in the order in which they first started
 */
public record RunSummary(
        String run,
        String job,
        String status,
        Map<String, String> parameters,
        Instant started,
        @Nullable Instant ended,
        @Nullable Instant pruned,
        double seconds,
        @Nullable Integer exit,
        @Nullable String cause,
        @Nullable RunProcess process,
        @Nullable RunWorkers workers,
        List<StepSummary> steps) {
    static final Set<String> OPEN = Set.of("STARTING", "STARTED", "STOPPING", "UNKNOWN");

    /**
     * A step of a run, all its executions and partitions taken together.
     *
     * @param name its name in the job file
     * @param status Spring Batch's status of its last execution
     * @param rows rows committed
     * @param rejected rows set aside
     * @param partitions partitions that it was divided into; 1 where it was not
     * @param restarts how often it was started again
     * @param seconds that its executions took, all together
     */
    public record StepSummary(
            String name, String status, long rows, long rejected, int partitions, int restarts, double seconds) {
        /** Rows in a second; 0 where there were none. */
        @JsonProperty
        public double rowsPerSecond() {
            return seconds > 0 ? Math.round(10 * rows / seconds) / 10.0 : 0;
        }
    }

    /** True when a process works on it, or worked on it until it died. */
    @JsonIgnore
    public boolean isOpen() {
        return OPEN.contains(status);
    }

    /** True when no process works on it although it has not ended. */
    @JsonIgnore
    public boolean isDead() {
        return isOpen() && (process == null || process.gone());
    }
}
