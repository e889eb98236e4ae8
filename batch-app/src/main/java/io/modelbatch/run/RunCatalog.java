package io.modelbatch.run;

import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.RunProcess;
import io.modelbatch.store.ObjectUri;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The runs that the job repository knows. Reads Spring Batch's tables, a fixed number of queries for any number of runs. */
public final class RunCatalog {
    private static final int NEWEST = 50;

    private final JdbcClient jdbc;
    private final RunFolder folder;
    private final Claims claims;
    private final InstantSource clock;

    /** Of a job repository. */
    public RunCatalog(JdbcClient jdbc, RunFolder folder, Claims claims, InstantSource clock) {
        this.jdbc = jdbc;
        this.folder = folder;
        this.claims = claims;
        this.clock = clock;
    }

    /** The newest runs, of one job or of all when {@code job} is null; the newest first. */
    public List<RunSummary> newest(@Nullable String job) {
        List<Long> instances = jdbc.sql("select JOB_INSTANCE_ID from BATCH_JOB_INSTANCE"
                        + " where cast(:job as varchar(100)) is null or JOB_NAME = :job"
                        + " order by JOB_INSTANCE_ID desc fetch first " + NEWEST + " rows only")
                .param("job", job, java.sql.Types.VARCHAR)
                .query(Long.class)
                .list();
        return summaries(instances);
    }

    /** The run of that name. */
    public Optional<RunSummary> find(String run) {
        var instance = RunName.instance(run);
        return instance.isEmpty()
                ? Optional.empty()
                : summaries(List.of(instance.getAsLong())).stream()
                        .filter(summary -> summary.run().equals(run))
                        .findFirst();
    }

    /** Where the artifacts of a run are. */
    public ObjectUri folder(RunSummary run) {
        return folder.of(run.run(), LocalDateTime.ofInstant(run.started(), ZoneId.systemDefault()));
    }

    /** All executions of a run, of its steps and of their partitions. */
    public RunTimeline timeline(RunSummary run) {
        return RunTimeline.read(jdbc, instance(run));
    }

    /** The number of executions that a run had, the one at work included. */
    public long executions(String run) {
        return jdbc.sql("select count(*) from BATCH_JOB_EXECUTION where JOB_INSTANCE_ID = ?")
                .param(RunName.instance(run).orElseThrow())
                .query(Long.class)
                .single();
    }

    /** The id of a run in Spring Batch's tables. */
    public static long instance(RunSummary run) {
        return RunName.instance(run.run()).orElseThrow();
    }

    /** The last run of the same job that was complete when this one began; empty where there is none, or it was pruned. */
    public Optional<RunSummary> previous(RunSummary run) {
        List<Long> instances = jdbc.sql("select e.JOB_INSTANCE_ID from BATCH_JOB_EXECUTION e"
                        + " join BATCH_JOB_INSTANCE i on i.JOB_INSTANCE_ID = e.JOB_INSTANCE_ID"
                        + " where i.JOB_NAME = :job and e.STATUS = 'COMPLETED' and i.JOB_INSTANCE_ID <> :run"
                        + " and e.END_TIME <= (select min(CREATE_TIME) from BATCH_JOB_EXECUTION where JOB_INSTANCE_ID = :run)"
                        + " order by e.END_TIME desc, e.JOB_INSTANCE_ID desc fetch first 1 rows only")
                .param("job", run.job())
                .param("run", instance(run))
                .query(Long.class)
                .list();
        return summaries(instances).stream()
                .filter(previous -> previous.pruned() == null)
                .findFirst();
    }

    private List<RunSummary> summaries(List<Long> instances) {
        if (instances.isEmpty()) {
            return List.of();
        }
        Map<Long, List<Execution>> executions = executions(instances);
        Map<Long, Map<String, String>> parameters = parameters(instances);
        Map<Long, List<StepRow>> steps = steps(instances);
        Map<Long, Instant> pruned = pruned(instances);
        Map<String, RunProcess> holders = claims.holders();
        Map<Long, String> keys = new HashMap<>();
        executions.forEach((instance, its) -> keys.put(
                instance, new RunParameters(its.get(0).job, parameters.getOrDefault(instance, Map.of())).key()));
        Map<String, RunWorkers> workers = workers(keys.values());
        List<RunSummary> runs = new ArrayList<>();
        for (Long instance : instances) {
            List<Execution> its = executions.getOrDefault(instance, List.of());
            if (!its.isEmpty()) {
                String key = Objects.requireNonNull(keys.get(instance));
                runs.add(summary(
                        instance,
                        its,
                        parameters.getOrDefault(instance, Map.of()),
                        holders.get(key),
                        workers.get(key),
                        pruned.get(instance),
                        steps.getOrDefault(instance, List.of())));
            }
        }
        return runs;
    }

    private RunSummary summary(
            long instance,
            List<Execution> executions,
            Map<String, String> parameters,
            @Nullable RunProcess holder,
            @Nullable RunWorkers workers,
            @Nullable Instant pruned,
            List<StepRow> steps) {
        Execution last = executions.get(executions.size() - 1);
        RunProcess process = last.isOpen() ? holder : null;
        Instant now = process == null ? Instant.MIN : process.gone() ? process.lastSeen() : clock.instant();
        Instant lastSign = steps.stream()
                .map(StepRow::updated)
                .max(Comparator.naturalOrder())
                .orElse(last.created);
        return new RunSummary(
                RunName.of(last.job, instance),
                last.job,
                last.status,
                parameters,
                executions.get(0).created,
                last.ended,
                pruned,
                seconds(executions.stream().map(Execution::time), later(now, lastSign)),
                last.exit(),
                last.cause(),
                process,
                workers,
                stepSummaries(steps, now));
    }

    private static double seconds(Stream<Interval> intervals, Instant openUntil) {
        long milliseconds = intervals
                .mapToLong(interval -> interval.milliseconds(openUntil))
                .sum();
        return milliseconds / 1000.0;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private Map<Long, List<Execution>> executions(List<Long> instances) {
        Map<Long, List<Execution>> found = new LinkedHashMap<>();
        jdbc.sql(
                        "select i.JOB_INSTANCE_ID, i.JOB_NAME, e.STATUS, e.CREATE_TIME, e.END_TIME, e.EXIT_CODE, e.EXIT_MESSAGE"
                                + " from BATCH_JOB_EXECUTION e join BATCH_JOB_INSTANCE i on i.JOB_INSTANCE_ID = e.JOB_INSTANCE_ID"
                                + " where i.JOB_INSTANCE_ID in (:instances) order by e.JOB_EXECUTION_ID")
                .param("instances", instances)
                .query(row -> {
                    found.computeIfAbsent(row.getLong(1), instance -> new ArrayList<>())
                            .add(new Execution(
                                    row.getString(2),
                                    row.getString(3),
                                    row.getTimestamp(4).toInstant(),
                                    instant(row.getTimestamp(5)),
                                    row.getString(6),
                                    row.getString(7)));
                });
        return found;
    }

    private Map<Long, Instant> pruned(List<Long> instances) {
        Map<Long, Instant> found = new HashMap<>();
        jdbc.sql("select JOB_INSTANCE_ID, SINCE from MODELBATCH_PRUNED where JOB_INSTANCE_ID in (:instances)")
                .param("instances", instances)
                .query(row -> {
                    found.put(
                            row.getLong(1),
                            row.getObject(2, OffsetDateTime.class).toInstant());
                });
        return found;
    }

    private Map<String, RunWorkers> workers(Collection<String> runs) {
        Map<String, RunWorkers> found = new HashMap<>();
        if (!runs.isEmpty()) {
            String ofDispatch = " from MODELBATCH_TASK t where t.DISPATCH = d.ID)";
            jdbc.sql("select d.RUN_KEY, (select count(distinct case when t.PICKED then t.PICKED_BY end)" + ofDispatch
                            + ", (select sum(case when t.PICKED then 1 else 0 end)" + ofDispatch
                            + ", (select sum(case when t.PICKED then 0 else 1 end)" + ofDispatch
                            + " from MODELBATCH_DISPATCH d where d.RUN_KEY in (:runs)")
                    .param("runs", runs)
                    .query(row -> {
                        found.put(row.getString(1), new RunWorkers(row.getInt(2), row.getInt(3), row.getInt(4)));
                    });
        }
        return found;
    }

    private Map<Long, Map<String, String>> parameters(List<Long> instances) {
        Map<Long, Map<String, String>> found = new LinkedHashMap<>();
        jdbc.sql(
                        "select e.JOB_INSTANCE_ID, p.PARAMETER_NAME, p.PARAMETER_VALUE from BATCH_JOB_EXECUTION_PARAMS p"
                                + " join BATCH_JOB_EXECUTION e on e.JOB_EXECUTION_ID = p.JOB_EXECUTION_ID"
                                + " where e.JOB_INSTANCE_ID in (:instances) and p.IDENTIFYING = 'Y' and p.PARAMETER_NAME <> :sequence")
                .param("instances", instances)
                .param("sequence", RunParameters.SEQUENCE)
                .query(row -> {
                    found.computeIfAbsent(row.getLong(1), instance -> new TreeMap<>())
                            .put(row.getString(2), row.getString(3));
                });
        return found;
    }

    private Map<Long, List<StepRow>> steps(List<Long> instances) {
        Map<Long, List<StepRow>> found = new LinkedHashMap<>();
        jdbc.sql("select e.JOB_INSTANCE_ID, s.STEP_NAME, s.STATUS, s.READ_COUNT, s.PROCESS_SKIP_COUNT,"
                        + " s.CREATE_TIME, s.END_TIME, coalesce(s.LAST_UPDATED, s.CREATE_TIME)"
                        + " from BATCH_STEP_EXECUTION s join BATCH_JOB_EXECUTION e on e.JOB_EXECUTION_ID = s.JOB_EXECUTION_ID"
                        + " where e.JOB_INSTANCE_ID in (:instances) order by s.STEP_EXECUTION_ID")
                .param("instances", instances)
                .query(row -> {
                    found.computeIfAbsent(row.getLong(1), instance -> new ArrayList<>())
                            .add(new StepRow(
                                    row.getString(2),
                                    row.getString(3),
                                    row.getLong(4),
                                    row.getLong(5),
                                    row.getTimestamp(6).toInstant(),
                                    instant(row.getTimestamp(7)),
                                    row.getTimestamp(8).toInstant()));
                });
        return found;
    }

    /** A partition's execution is named {@code step:partition}; its manager's counts repeat those of the partitions. */
    private static List<RunSummary.StepSummary> stepSummaries(List<StepRow> rows, Instant now) {
        Map<String, List<StepRow>> byStep = new LinkedHashMap<>();
        for (StepRow row : rows) {
            byStep.computeIfAbsent(row.step(), step -> new ArrayList<>()).add(row);
        }
        List<RunSummary.StepSummary> summaries = new ArrayList<>();
        byStep.forEach((step, its) -> {
            List<StepRow> own = its.stream().filter(row -> !row.isPartition()).toList();
            List<StepRow> partitions = its.stream().filter(StepRow::isPartition).toList();
            List<StepRow> counted = partitions.isEmpty() ? own : partitions;
            Instant lastSign = its.stream()
                    .map(StepRow::updated)
                    .max(Comparator.naturalOrder())
                    .orElse(now);
            summaries.add(new RunSummary.StepSummary(
                    step,
                    own.isEmpty() ? BatchStatus.STARTING.name() : own.get(own.size() - 1).status,
                    counted.stream().mapToLong(StepRow::read).sum(),
                    counted.stream().mapToLong(StepRow::skipped).sum(),
                    (int) Math.max(
                            1, partitions.stream().map(StepRow::name).distinct().count()),
                    Math.max(0, own.size() - 1),
                    seconds(own.stream().map(StepRow::time), later(now, lastSign))));
        });
        return summaries;
    }

    /** A partition is named {@code step:partition}. */
    public static String stepOf(String execution) {
        return execution.split(":", 2)[0];
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    record Execution(
            String job,
            String status,
            Instant created,
            @Nullable Instant ended,
            @Nullable String exitCode,
            @Nullable String message) {
        boolean isOpen() {
            return RunSummary.OPEN.contains(status);
        }

        Interval time() {
            return new Interval(created, ended);
        }

        @Nullable
        Integer exit() {
            return isOpen()
                    ? null
                    : ExitCode.named(exitCode).map(ExitCode::code).orElse(null);
        }

        /** Without the stack trace that Spring Batch writes when the run does not come to its own end. */
        @Nullable
        String cause() {
            return message == null || message.isEmpty() ? null : message.split("\\R\\s*at ", 2)[0];
        }
    }

    /** A time that may not have ended. */
    private record Interval(Instant start, @Nullable Instant end) {
        long milliseconds(Instant openUntil) {
            return Math.max(
                    0, Duration.between(start, end == null ? openUntil : end).toMillis());
        }
    }

    private record StepRow(
            String name,
            String status,
            long read,
            long skipped,
            Instant created,
            @Nullable Instant ended,
            Instant updated) {
        Interval time() {
            return new Interval(created, ended);
        }

        boolean isPartition() {
            return name.indexOf(':') >= 0;
        }

        String step() {
            return stepOf(name);
        }
    }
}
