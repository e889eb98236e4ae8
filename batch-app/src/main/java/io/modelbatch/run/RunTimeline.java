package io.modelbatch.run;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * All executions of a run, of its steps and of their partitions, as the job repository has them. Read by two statements, whatever their
 * number.
 *
 * @param executions of the run, in the order in which they were created
 * @param steps of its steps and of their partitions, in the order in which they were created
 */
public record RunTimeline(List<Execution> executions, List<StepPart> steps) {
    /**
     * One start of the run.
     *
     * @param id its id in the job repository
     * @param status Spring Batch's status
     * @param started when it was created
     * @param ended when it ended; null while it works, and when its process was killed
     * @param exit the exit code; null while it works, and when its process was killed
     * @param cause the cause of a failure; null when there was none
     */
    public record Execution(
            long id,
            String status,
            Instant started,
            @Nullable Instant ended,
            @Nullable Integer exit,
            @Nullable String cause) {}

    /**
     * An execution of a step or of one of its partitions.
     *
     * @param execution the id of the run's execution
     * @param name the step's name; that of a partition is {@code step:3}
     * @param status Spring Batch's status
     * @param started when it started; null before
     * @param ended when it ended; null while it works, and when its process was killed
     * @param rows rows that it committed, less those of earlier executions that it read again
     */
    public record StepPart(
            long execution,
            String name,
            String status,
            @Nullable Instant started,
            @Nullable Instant ended,
            long rows) {
        /** The name of the step. */
        public String step() {
            return RunCatalog.stepOf(name);
        }

        /** The number of the partition; null for the step itself. */
        public @Nullable Integer partition() {
            int colon = name.indexOf(':');
            return colon < 0 ? null : Integer.valueOf(name.substring(colon + 1));
        }
    }

    static RunTimeline read(JdbcClient jdbc, long instance) {
        return new RunTimeline(
                jdbc.sql("select JOB_EXECUTION_ID, STATUS, CREATE_TIME, END_TIME, EXIT_CODE, EXIT_MESSAGE"
                                + " from BATCH_JOB_EXECUTION where JOB_INSTANCE_ID = ? order by JOB_EXECUTION_ID")
                        .param(instance)
                        .query((row, n) -> {
                            RunCatalog.Execution execution = new RunCatalog.Execution(
                                    "",
                                    row.getString(2),
                                    row.getTimestamp(3).toInstant(),
                                    instant(row.getTimestamp(4)),
                                    row.getString(5),
                                    row.getString(6));
                            return new Execution(
                                    row.getLong(1),
                                    execution.status(),
                                    execution.created(),
                                    execution.ended(),
                                    execution.exit(),
                                    execution.cause());
                        })
                        .list(),
                jdbc.sql("select s.JOB_EXECUTION_ID, s.STEP_NAME, s.STATUS, s.START_TIME, s.END_TIME, s.READ_COUNT"
                                + " from BATCH_STEP_EXECUTION s"
                                + " join BATCH_JOB_EXECUTION e on e.JOB_EXECUTION_ID = s.JOB_EXECUTION_ID"
                                + " where e.JOB_INSTANCE_ID = ? order by s.STEP_EXECUTION_ID")
                        .param(instance)
                        .query((row, n) -> new StepPart(
                                row.getLong(1),
                                row.getString(2),
                                row.getString(3),
                                instant(row.getTimestamp(4)),
                                instant(row.getTimestamp(5)),
                                row.getLong(6)))
                        .list());
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
