package io.modelbatch.report;

import io.modelbatch.facts.Facts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as it ended.
 *
 * @param run its name
 * @param job its job file's name
 * @param status Spring Batch's status
 * @param parameters the parameters that identify it
 * @param started when it first started
 * @param ended when it ended
 * @param seconds that its executions took, all together
 * @param exit the exit code of its last execution
 * @param cause the cause of a failure; null when there was none
 * @param next the next steps of an operator; empty when nothing is left to do
 * @param process the process of its last execution
 * @param log where the log of its last execution is; null when it could not be kept
 * @param environment where it ran
 * @param acceptedChanges changes to the job's settings that were accepted when the run was resumed
 * @param steps in the order in which they first started
 */
public record RunReport(
        String run,
        String job,
        String status,
        Map<String, String> parameters,
        Instant started,
        @Nullable Instant ended,
        double seconds,
        int exit,
        @Nullable String cause,
        List<Next> next,
        ReportedProcess process,
        @Nullable String log,
        RunEnvironment environment,
        List<String> acceptedChanges,
        List<Step> steps) {
    /**
     * A command that may follow.
     *
     * @param what the action, and the one before it
     * @param command as it is typed
     */
    public record Next(String what, String command) {}

    /**
     * A step, all its executions and partitions taken together.
     *
     * @param name its name in the job file
     * @param status Spring Batch's status
     * @param rows rows committed
     * @param rejected rows set aside
     * @param partitions partitions that it was divided into; 1 where it was not
     * @param restarts how often it was started again
     * @param seconds that its executions took, all together
     * @param rowsPerSecond rows by these seconds
     * @param figures its facts; none where it left none
     */
    public record Step(
            String name,
            String status,
            long rows,
            long rejected,
            int partitions,
            int restarts,
            double seconds,
            double rowsPerSecond,
            Facts figures) {}
}
