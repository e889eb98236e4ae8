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
    ROWS_REJECTED(Kind.COUNTER, "modelbatch.rows.rejected", Unit.NONE, Labels.STEP, "Rows that were set aside"),
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
            List.of("job.name", "step", Labels.FOR),
            "Time that partitions waited, by what for: rows, model, upload or database");

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
        static final List<String> STEP = List.of(JOB, "step");
    }

    /** The labels of a step. */
    public static Tags ofStep(String job, String step) {
        return ofJob(job).and("step", step);
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

    /** Replaces the gauge with these labels by one that asks for its value. */
    public Gauge gauge(MeterRegistry meters, Tags tags, Supplier<Number> value) {
        Gauge.Builder<Supplier<Number>> gauge =
                Gauge.builder(id, value).description(help).baseUnit(baseUnit()).tags(tags);
        return gauge.register(meters);
    }

    private @Nullable String baseUnit() {
        return switch (unit) {
            case NONE -> null;
            case SECONDS -> "seconds";
            case BYTES -> "bytes";
        };
    }
}
