package io.modelbatch.cli;

import com.google.common.base.Ticker;
import io.modelbatch.base.Interval;
import io.modelbatch.launch.RunOutcome;
import io.modelbatch.run.RunEvent;
import io.modelbatch.telemetry.TraceParent;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** One JSON line for each event of a run, of progress one in ten seconds: what a log collector reads. */
final class JsonLinesOutput implements RunOutput {
    private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(10);

    /** Facts that are long, or have texts of rows. */
    private static final Set<String> FOR_THE_REPORT =
            Set.of("distributions", "reject-reasons", "curve", "calibration", "mistakes");

    private final PrintWriter out;
    private final EventFormat format;
    private final InstantSource clock;
    private final Interval progress;

    /** That of the run. Not every thread that tells of the run is in its trace; the first one is. */
    private Optional<String> trace = Optional.empty();

    /**
     * Prints to {@code out}.
     *
     * @param format makes a line of an event
     * @param clock tells the time of each line
     * @param ticker measures the time between lines of progress; the time of day may jump
     */
    JsonLinesOutput(PrintWriter out, EventFormat format, InstantSource clock, Ticker ticker) {
        this.out = out;
        this.format = format;
        this.clock = clock;
        this.progress = new Interval(BETWEEN_PROGRESS, ticker);
    }

    @Override
    public void accept(RunEvent event) {
        if (event instanceof RunEvent.Started started) {
            print(
                    started.mode() == RunEvent.Mode.NEW ? "run-started" : "run-resumed",
                    Map.of("run", started.run(), "parameters", started.parameters()));
        } else if (event instanceof RunEvent.Waiting waiting) {
            print("waiting", Map.of("run", waiting.run(), "reason", waiting.reason()));
        } else if (event instanceof RunEvent.Warning warning) {
            print("warning", Map.of("run", warning.run(), "message", warning.message()));
        } else if (event instanceof RunEvent.Stopping stopping) {
            print("stopping", Map.of("run", stopping.run()));
        } else if (event instanceof RunEvent.Stage stage) {
            Map<String, Object> fields = fields(stage.run(), stage.step());
            fields.put("stage", stage.words());
            print("stage", fields);
        } else if (event instanceof RunEvent.StepStarted started) {
            restart();
            print("step-started", fields(started.run(), started.step()));
        } else if (event instanceof RunEvent.Rows rows) {
            progress(rows.run(), rows.step(), fields -> {
                fields.put("rows", rows.done());
                fields.put("total", rows.total());
            });
        } else if (event instanceof RunEvent.Workers workers) {
            Map<String, Object> fields = fields(workers.run(), workers.step());
            fields.put("workers", workers.workers());
            fields.put("partitions", workers.partitions());
            print("workers", fields);
        } else if (event instanceof RunEvent.Training training) {
            progress(training.run(), training.step(), fields -> fields.putAll(Json.fields(training.progress())));
        } else if (event instanceof RunEvent.Output output) {
            Map<String, Object> fields = fields(output.run(), output.step());
            fields.put("line", output.line());
            print("output", fields);
        } else if (event instanceof RunEvent.ProgressBar bar && !bar.line().isEmpty()) {
            progress(bar.run(), bar.step(), fields -> fields.put("line", bar.line()));
        } else if (event instanceof RunEvent.Result result) {
            Map<String, Object> fields = fields(result.run(), result.step());
            fields.putAll(Json.fields(result.facts()));
            fields.keySet().removeAll(FOR_THE_REPORT);
            print("result", fields);
        } else if (event instanceof RunEvent.StepEnded ended) {
            Map<String, Object> fields = fields(ended.run(), ended.step());
            fields.put("status", ended.status());
            fields.put("rows", ended.rows());
            fields.put("seconds", ended.seconds());
            print("step-ended", fields);
        }
    }

    @Override
    public void ended(RunOutcome outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("run", outcome.run().run());
        fields.put("status", outcome.run().status());
        fields.put("message", RunResultText.words(outcome));
        Map<String, Long> rows = new LinkedHashMap<>();
        outcome.run().steps().forEach(step -> rows.put(step.name(), step.rows()));
        fields.put("rows", rows);
        Map<String, Long> rejected = new LinkedHashMap<>();
        outcome.run().steps().stream()
                .filter(step -> step.rejected() > 0)
                .forEach(step -> rejected.put(step.name(), step.rejected()));
        if (!rejected.isEmpty()) {
            fields.put("rejected", rejected);
        }
        outcome.report().ifPresent(report -> {
            fields.put("report", report.data());
            fields.put("page", report.page());
        });
        RunResultText.log(outcome).ifPresent(log -> fields.put("log", log));
        outcome.cause().ifPresent(cause -> fields.put("cause", cause));
        if (!outcome.next().isEmpty()) {
            fields.put("next", outcome.next());
        }
        fields.put("exit", outcome.exit().code());
        print("run-ended", fields);
    }

    @Override
    public void close() {
        out.flush();
    }

    private static Map<String, Object> fields(String run, String step) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("run", run);
        fields.put("step", step);
        return fields;
    }

    /** Steps tell their progress far more often than it is printed. */
    private synchronized void progress(String run, String step, Consumer<Map<String, Object>> more) {
        if (progress.isDue()) {
            Map<String, Object> fields = fields(run, step);
            more.accept(fields);
            print("progress", fields);
        }
    }

    private synchronized void restart() {
        progress.restart();
    }

    private synchronized void print(String event, Map<String, ?> fields) {
        trace = TraceParent.currentTrace().or(() -> trace);
        out.println(Json.line(format.line(clock.instant(), event, fields, trace)));
        out.flush();
    }
}
