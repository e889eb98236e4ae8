package io.modelbatch.worker;

import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The step executions of the partitions of a dispatch: how far they came, and what became of their workers. */
final class PartitionHistory {
    private final JdbcClient jdbc;

    PartitionHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The newest step execution of a partition. */
    OptionalLong newest(Dispatch dispatch, int number) {
        return jdbc.sql(
                        "select max(STEP_EXECUTION_ID) from BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = ? and STEP_NAME = ?")
                .params(dispatch.jobExecution(), dispatch.partition(number))
                .query((row, n) -> {
                    long id = row.getLong(1);
                    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(id);
                })
                .single();
    }

    /** Step executions of a partition that failed one after the other without a commit. */
    int inVain(Dispatch dispatch, int number) {
        return jdbc.sql(
                        "select count(*) from BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = :job and STEP_NAME = :name"
                                + " and STATUS = 'FAILED' and STEP_EXECUTION_ID > (select coalesce(max(STEP_EXECUTION_ID), 0)"
                                + " from BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = :job and STEP_NAME = :name and COMMIT_COUNT > 0)")
                .param("job", dispatch.jobExecution())
                .param("name", dispatch.partition(number))
                .query(Integer.class)
                .single();
    }

    /** Workers that a dispatch lost: those that gave no sign of life, and those that gave partitions back because they were stopped. */
    int lostWorkers(Dispatch dispatch) {
        return jdbc.sql("select count(distinct EXIT_MESSAGE) from BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = ?"
                        + " and STEP_NAME like ? and EXIT_CODE in (?, ?)")
                .params(dispatch.jobExecution(), partitions(dispatch), PartitionWorker.LOST, PartitionWorker.GIVEN_BACK)
                .query(Integer.class)
                .single();
    }

    /** The newest reason for which a worker left partitions of a dispatch to others; empty when none did. */
    Optional<String> refusal(Dispatch dispatch) {
        return jdbc.sql("select EXIT_MESSAGE from BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = ? and STEP_NAME like ?"
                        + " and EXIT_CODE = ? order by STEP_EXECUTION_ID desc fetch first 1 row only")
                .params(dispatch.jobExecution(), partitions(dispatch), PartitionWorker.REFUSED)
                .query(String.class)
                .optional();
    }

    /** Ends the step executions that workers left. */
    void end(Dispatch dispatch) {
        jdbc.sql("update BATCH_STEP_EXECUTION set STATUS = 'STOPPED', EXIT_CODE = 'STOPPED', VERSION = VERSION + 1,"
                        + " END_TIME = coalesce(LAST_UPDATED, CREATE_TIME) where JOB_EXECUTION_ID = ?"
                        + " and STEP_NAME like ? and STATUS in ('STARTING', 'STARTED')")
                .params(dispatch.jobExecution(), partitions(dispatch))
                .update();
    }

    /** The names of all of them, for {@code like}. */
    private static String partitions(Dispatch dispatch) {
        return dispatch.step() + ":%";
    }
}
