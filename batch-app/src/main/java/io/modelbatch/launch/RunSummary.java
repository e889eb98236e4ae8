package io.modelbatch.launch;

import java.time.Instant;
import java.util.List;
import java.util.Map;
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
        List<StepSummary> steps) {
    /**
     * A step of a run, all its executions and partitions taken together.
     *
     * @param name its name in the job file
     * @param status Spring Batch's status of its last execution
     * @param rows rows committed
     * @param rejected rows set aside
     * @param partitions partitions that it was divided into; 1 where it was not
     * @param restarts how often it was started again
     */
    public record StepSummary(String name, String status, long rows, long rejected, int partitions, int restarts) {}
}
