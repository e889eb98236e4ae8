package io.modelbatch.step;

import io.modelbatch.facts.Facts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.ExecutionContextSerializer;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The job repository's records of the earlier executions of a run: each question is one statement, however many partitions and executions
 * the run has. Spring Batch's own repository asks for each context by itself.
 */
public final class RunHistory {
    private static final String CONTEXTS =
            "select s.STEP_EXECUTION_ID, s.STEP_NAME, c.SHORT_CONTEXT, c.SERIALIZED_CONTEXT"
                    + " from BATCH_STEP_EXECUTION s"
                    + " join BATCH_JOB_EXECUTION e on e.JOB_EXECUTION_ID = s.JOB_EXECUTION_ID"
                    + " join BATCH_STEP_EXECUTION_CONTEXT c on c.STEP_EXECUTION_ID = s.STEP_EXECUTION_ID";

    private static final String LAST = "select max(l.STEP_EXECUTION_ID) from BATCH_STEP_EXECUTION l"
            + " join BATCH_JOB_EXECUTION r on r.JOB_EXECUTION_ID = l.JOB_EXECUTION_ID"
            + " where r.JOB_INSTANCE_ID = ? and l.STEP_NAME = ?";

    private final JdbcClient jdbc;
    private final ExecutionContextSerializer serializer;
    private final Map<Long, LocalDateTime> created = new ConcurrentHashMap<>();

    /** Of contexts that the serializer wrote. */
    public RunHistory(JdbcClient jdbc, ExecutionContextSerializer serializer) {
        this.jdbc = jdbc;
        this.serializer = serializer;
    }

    /** The time at which the first execution of a run was created. It never changes, so it is asked for once. */
    LocalDateTime created(JobInstance run) {
        return created.computeIfAbsent(
                run.getInstanceId(),
                instance -> jdbc.sql("select min(CREATE_TIME) from BATCH_JOB_EXECUTION where JOB_INSTANCE_ID = ?")
                        .param(instance)
                        .query((row, n) -> row.getTimestamp(1).toLocalDateTime())
                        .single());
    }

    /** The contexts of all steps of an execution, by the id of the step execution. */
    public Map<Long, ExecutionContext> contexts(JobExecution execution) {
        Map<Long, ExecutionContext> contexts = new HashMap<>();
        jdbc.sql(CONTEXTS + " where s.JOB_EXECUTION_ID = ?")
                .param(execution.getId())
                .query(row -> {
                    contexts.put(row.getLong(1), context(row));
                });
        return contexts;
    }

    /** The context of a step of an execution; empty where it has not begun. */
    Optional<ExecutionContext> context(JobExecution execution, String step) {
        return jdbc.sql(CONTEXTS + " where s.JOB_EXECUTION_ID = ? and s.STEP_NAME = ?")
                .params(execution.getId(), step)
                .query((row, n) -> context(row))
                .optional();
    }

    /**
     * The newest context of this step and run that has the key. Spring Batch hands on the context of a partition's last execution in another
     * transaction than the one that creates the new execution: after a crash between the two, the last context is empty.
     */
    public Optional<ExecutionContext> newest(StepExecution step, String key) {
        return step.getExecutionContext().containsKey(key)
                ? Optional.of(step.getExecutionContext())
                : newest(step.getJobExecution().getJobInstance().getInstanceId(), step.getStepName(), key);
    }

    /** The facts of each step of a run, by its name: the newest that it left. Those of partitions are not asked for. */
    public Map<String, Facts> facts(long run) {
        Map<String, ExecutionContext> contexts = new LinkedHashMap<>();
        jdbc.sql(CONTEXTS + " where e.JOB_INSTANCE_ID = ? and s.STEP_NAME not like '%:%' order by s.STEP_EXECUTION_ID")
                .param(run)
                .query(row -> {
                    ExecutionContext context = context(row);
                    if (context.containsKey(StepFacts.KEY)) {
                        contexts.put(row.getString(2), context);
                    }
                });
        Map<String, Facts> facts = new LinkedHashMap<>();
        contexts.forEach((step, context) -> StepFacts.of(context).ifPresent(its -> facts.put(step, its)));
        return facts;
    }

    /** The context of each execution of a run, by the execution's id. */
    public Map<Long, ExecutionContext> executions(long run) {
        Map<Long, ExecutionContext> contexts = new HashMap<>();
        jdbc.sql("select e.JOB_EXECUTION_ID, null, c.SHORT_CONTEXT, c.SERIALIZED_CONTEXT from BATCH_JOB_EXECUTION e"
                        + " join BATCH_JOB_EXECUTION_CONTEXT c on c.JOB_EXECUTION_ID = e.JOB_EXECUTION_ID"
                        + " where e.JOB_INSTANCE_ID = ?")
                .param(run)
                .query(row -> {
                    contexts.put(row.getLong(1), context(row));
                });
        return contexts;
    }

    /** The context of the last execution of a step, unless that is complete. Those of partitions are not asked for, which find theirs in the ledger. */
    public Optional<ExecutionContext> unfinished(JobInstance run, String step) {
        return PartitionName.isPartition(step)
                ? Optional.empty()
                : jdbc.sql(CONTEXTS + " where s.STATUS <> 'COMPLETED' and s.STEP_EXECUTION_ID = (" + LAST + ")")
                        .params(run.getInstanceId(), step)
                        .query((row, n) -> context(row))
                        .optional();
    }

    /** The newest context of a step of a run that has the key. */
    Optional<ExecutionContext> newest(long run, String step, String key) {
        return newest(run, "s.STEP_NAME = ?", step, key).stream().findFirst();
    }

    /** The newest context with the key of each partition of a step that has one. */
    Collection<ExecutionContext> newestOfPartitions(long run, String step, String key) {
        return newest(run, "s.STEP_NAME like ?", step + ":%", key);
    }

    private Collection<ExecutionContext> newest(long run, String which, String name, String key) {
        Map<String, ExecutionContext> newest = new LinkedHashMap<>();
        jdbc.sql(CONTEXTS + " where e.JOB_INSTANCE_ID = ? and " + which + " order by s.STEP_EXECUTION_ID")
                .params(run, name)
                .query(row -> {
                    ExecutionContext context = context(row);
                    if (context.containsKey(key)) {
                        newest.put(row.getString(2), context);
                    }
                });
        return newest.values();
    }

    /** A context that is too long for the first column is whole in the second. */
    private ExecutionContext context(ResultSet row) throws SQLException {
        String whole = row.getString(4);
        String text = whole == null ? row.getString(3) : whole;
        try {
            return new ExecutionContext(
                    serializer.deserialize(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
