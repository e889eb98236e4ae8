package io.modelbatch.report;

import io.modelbatch.facts.Facts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as it ended, or as it is while it works.
 *
 * @param version the version of the schema, docs/report.schema.json
 * @param run its name
 * @param job its job file's name
 * @param description the description of the job; null where the job file has none
 * @param status Spring Batch's status
 * @param parameters the parameters that identify it
 * @param started when it first started
 * @param ended when it ended; null while it works
 * @param seconds that its executions took, all together
 * @param exit the exit code of its last execution; null while it works, and when its process was killed
 * @param cause the cause of a failure; null when there was none
 * @param next the next steps of an operator; empty when nothing is left to do
 * @param process the process of its last execution; null where it is not known
 * @param log where the log of its last execution is; null when it could not be kept
 * @param environment where it ran
 * @param acceptedChanges changes to the job's settings that were accepted when the run was resumed, and to the version of the program
 * @param settings the job file as it ran, defaults included: values by {@code step.key}
 * @param executions each start of the run, the first one first
 * @param previous the previous completed run of the job, with which this one is compared; null where there is none
 * @param cost its use of machines and queries, with the price; null where no step used a model or a billed query
 * @param steps in the order in which they first started
 */
public record RunReport(
        int version,
        String run,
        String job,
        @Nullable String description,
        String status,
        Map<String, String> parameters,
        Instant started,
        @Nullable Instant ended,
        double seconds,
        @Nullable Integer exit,
        @Nullable String cause,
        List<Next> next,
        @Nullable ReportedProcess process,
        @Nullable String log,
        RunEnvironment environment,
        List<String> acceptedChanges,
        Map<String, String> settings,
        List<Execution> executions,
        @Nullable Previous previous,
        @Nullable Cost cost,
        List<Step> steps) {
    /** The version of the schema: raised when a key is removed or means something else, not when one is added. */
    public static final int VERSION = 1;

    /**
     * A command that may follow.
     *
     * @param what the action, and the one before it
     * @param command as it is typed
     */
    public record Next(String what, String command) {}

    /**
     * One start of the run.
     *
     * @param number from 1
     * @param status Spring Batch's status
     * @param started when it started
     * @param ended when it ended; null while it works
     * @param exit the exit code; null while it works, and when its process was killed
     * @param cause the cause of a failure; null when there was none
     * @param host the machine's name; null where it is not known
     * @param log where its log is; null where it is not known
     */
    public record Execution(
            long number,
            String status,
            Instant started,
            @Nullable Instant ended,
            @Nullable Integer exit,
            @Nullable String cause,
            @Nullable String host,
            @Nullable String log) {}

    /**
     * Another run of the job, which completed before this one began.
     *
     * @param run its name
     * @param ended when it ended
     * @param report where its report is
     */
    public record Previous(String run, Instant ended, String report) {}

    /**
     * A step, all its executions and partitions taken together.
     *
     * @param name its name in the job file
     * @param type the key of its type: {@code extract}, {@code infer}, …; null where an earlier version ran it
     * @param status Spring Batch's status
     * @param rows rows committed
     * @param rejected rows set aside
     * @param partitions partitions that it was divided into; 1 where it was not
     * @param restarts number of times that it was started again
     * @param seconds that its executions took, all together
     * @param rowsPerSecond rows by these seconds
     * @param attempts each execution of the step and of its partitions, in the order in which they were created
     * @param pace the rows that it committed over time, at most about 120 intervals; empty where it commits no blocks of rows
     * @param drift the differences from the previous run; empty where there is nothing to compare
     * @param figures its facts; none where it left none
     */
    public record Step(
            String name,
            @Nullable String type,
            String status,
            long rows,
            long rejected,
            int partitions,
            int restarts,
            double seconds,
            double rowsPerSecond,
            List<Attempt> attempts,
            List<Pace> pace,
            List<Drift> drift,
            Facts figures) {}
}
