package io.modelbatch.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of this application. Their labels have few values: names of jobs and steps, and words of this class. There is none for a partition or
 * a run, of which there are thousands. A job's label is {@code job_name}, because Prometheus names what it scrapes {@code job}.
 */
public enum Measure {
    ROWS(Kind.COUNTER, "modelbatch.rows", Unit.NONE, Labels.STEP, "Rows of the input in committed blocks"),
    ROWS_WRITTEN(Kind.COUNTER, "modelbatch.rows.written", Unit.NONE, Labels.STEP, "Rows of the result"),
    ROWS_REJECTED(Kind.COUNTER, "modelbatch.rows.rejected", Unit.NONE, Labels.STEP, "Rejected rows"),
    BLOCKS(Kind.COUNTER, "modelbatch.blocks", Unit.NONE, Labels.STEP, "Committed blocks"),
    TOKENS(Kind.COUNTER, "modelbatch.tokens", Unit.NONE, Labels.STEP, "Tokens that a model read"),
    TOKENS_COMPUTED(
            Kind.COUNTER,
            "modelbatch.tokens.computed",
            Unit.NONE,
            Labels.STEP,
            "Tokens that a model computed, padding included"),
    WAIT(
            Kind.COUNTER,
            "modelbatch.wait",
            Unit.SECONDS,
            List.of(Labels.JOB, "step", Labels.FOR),
            "Time that partitions waited: for rows, the model, an upload or the database"),
    PARTITIONS_ACTIVE(
            Kind.GAUGE,
            "modelbatch.partitions.active",
            Unit.NONE,
            Labels.STEP,
            "Partitions that this process executes"),
    DEVICE_MEMORY_USED(
            Kind.GAUGE,
            "modelbatch.device.memory.used",
            Unit.BYTES,
            Labels.DEVICE,
            "Memory of a GPU in use, that of other processes included"),
    DEVICE_MEMORY_LIMIT(
            Kind.GAUGE, "modelbatch.device.memory.limit", Unit.BYTES, Labels.DEVICE, "Memory that a GPU has"),
    RUN_ACTIVE(
            Kind.GAUGE,
            "modelbatch.run.active",
            Unit.NONE,
            Labels.JOBS,
            "1 while the run is active, 0 when it has ended"),
    RUN_STARTED(
            Kind.GAUGE,
            "modelbatch.run.start.timestamp",
            Unit.SECONDS,
            Labels.JOBS,
            "When this process took the run, in seconds since 1970"),
    RUN_PROGRESS(
            Kind.GAUGE,
            "modelbatch.run.progress.timestamp",
            Unit.SECONDS,
            Labels.JOBS,
            "When a step of the run last began, ended, committed rows, learned or printed, in seconds since 1970"),
    RUN_SUCCEEDED(
            Kind.GAUGE,
            "modelbatch.run.success.timestamp",
            Unit.SECONDS,
            Labels.JOBS,
            "When the run was complete, in seconds since 1970; 0 until then"),
    RUN_EXIT_CODE(
            Kind.GAUGE,
            "modelbatch.run.exit.code",
            Unit.NONE,
            Labels.JOBS,
            "The exit code of the run; -1 until it has ended"),
    RUN_RESTARTS(Kind.GAUGE, "modelbatch.run.restarts", Unit.NONE, Labels.JOBS, "How often the run was started again"),
    CLAIM_AGE(
            Kind.GAUGE,
            "modelbatch.claim.age",
            Unit.SECONDS,
            Labels.JOBS,
            "Time since the claim on the run was renewed; other processes may take it after 20 s"),
    STEP_ROWS(
            Kind.GAUGE,
            "modelbatch.step.rows",
            Unit.NONE,
            Labels.STEP,
            "Rows that all processes together have committed, earlier executions included"),
    STEP_ROWS_EXPECTED(
            Kind.GAUGE, "modelbatch.step.rows.expected", Unit.NONE, Labels.STEP, "Rows that the step has in all"),
    QUEUE_WAITING(
            Kind.GAUGE,
            "modelbatch.queue.waiting",
            Unit.NONE,
            Labels.QUEUE,
            "Partitions of the job's runs that wait for a worker"),
    QUEUE_EXECUTING(
            Kind.GAUGE,
            "modelbatch.queue.executing",
            Unit.NONE,
            Labels.QUEUE,
            "Partitions of the job's runs that workers execute"),
    QUEUE_OLDEST(
            Kind.GAUGE,
            "modelbatch.queue.oldest",
            Unit.SECONDS,
            Labels.QUEUE,
            "Time that the oldest of the waiting partitions has waited"),
    WORKERS_LOST(
            Kind.COUNTER,
            "modelbatch.workers.lost",
            Unit.NONE,
            Labels.STEP,
            "Workers that a step lost: they gave no sign of life, or they were stopped while they executed its partitions"),
    WORKERS(
            Kind.GAUGE,
            "modelbatch.workers",
            Unit.NONE,
            Labels.DEVICE,
            "Workers that are alive, for all runs together");

    private final Kind kind;
    private final String id;
    private final Unit unit;
    private final List<String> labels;
    private final String help;

    Measure(Kind kind, String id, Unit unit, List<String> labels, String help) {
        this.kind = kind;
        this.id = id;
        this.unit = unit;
        this.labels = labels;
        this.help = help;
    }

    /** The kind of a value: one that only grows, or one that goes up and down. */
    public enum Kind {
        COUNTER,
        GAUGE
    }

    private enum Unit {
        NONE,
        SECONDS,
        BYTES
    }

    /** The cause of a wait, a value of the label {@code for}. */
    public enum Wait {
        ROWS,
        MODEL,
        UPLOAD,
        DATABASE;

        /** The label. */
        public Tags tags() {
            return Tags.of(Labels.FOR, name().toLowerCase(Locale.ROOT));
        }
    }

    private static final class Labels {
        static final String JOB = "job.name";
        static final String FOR = "for";
        static final List<String> JOBS = List.of(JOB);
        static final List<String> STEP = List.of(JOB, "step");
        static final List<String> QUEUE = List.of(JOB, "device");
        static final List<String> DEVICE = List.of("device");
    }

    /** The labels of a step. */
    public static Tags ofStep(String job, String step) {
        return ofJob(job).and("step", step);
    }

    /** The label of a device. */
    public static Tags ofDevice(String device) {
        return Tags.of("device", device);
    }

    /** The label of a job. */
    public static Tags ofJob(String job) {
        return Tags.of(Labels.JOB, job);
    }

    /** Micrometer's name. */
    public String id() {
        return id;
    }

    /** Its kind. */
    public Kind kind() {
        return kind;
    }

    /** Names of its labels, as Micrometer has them. */
    public List<String> labels() {
        return labels;
    }

    /** Its description. */
    public String help() {
        return help;
    }

    /** The counter with these labels. */
    public Counter counter(MeterRegistry meters, Tags tags) {
        return Counter.builder(id)
                .description(help)
                .baseUnit(baseUnit())
                .tags(tags)
                .register(meters);
    }

    /** Registers the gauge with these labels, in place of one that is there. It is asked when somebody wants its value. */
    public void gauge(MeterRegistry meters, Tags tags, Supplier<Number> value) {
        meters.find(id).tags(tags).gauges().forEach(meters::remove);
        Gauge.builder(id, value)
                .description(help)
                .baseUnit(baseUnit())
                .tags(tags)
                .strongReference(true)
                .register(meters);
    }

    private @Nullable String baseUnit() {
        return switch (unit) {
            case NONE -> null;
            case SECONDS -> "seconds";
            case BYTES -> "bytes";
        };
    }
}
