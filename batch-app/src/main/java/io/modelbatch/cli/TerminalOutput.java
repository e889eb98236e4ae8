package io.modelbatch.cli;

import com.google.common.base.Stopwatch;
import com.google.common.base.Ticker;
import io.modelbatch.facts.Facts;
import io.modelbatch.facts.TrainingProgress;
import io.modelbatch.launch.RunOutcome;
import io.modelbatch.run.RunEvent;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** The output on a terminal: the active step in a line that moves, and a line that stays for each step that has ended. */
final class TerminalOutput implements RunOutput {
    /** Shown as a count in front of the other figures. */
    private static final Set<String> COUNT = Set.of("training-step", "training-steps");

    private final IntSupplier columns;
    private final LiveLine line;
    private final Stopwatch watch;
    private final Map<String, Facts> results = new LinkedHashMap<>();
    private final Map<String, TrainingProgress> trainings = new LinkedHashMap<>();
    private final Map<String, Integer> workers = new HashMap<>();
    private @Nullable ActiveStep active;

    /**
     * Prints to {@code out}.
     *
     * @param columns the width of the terminal
     * @param ticker measures how long steps take
     */
    TerminalOutput(PrintWriter out, IntSupplier columns, Ticker ticker) {
        this.columns = columns;
        this.watch = Stopwatch.createStarted(ticker);
        this.line = new LiveLine(out, columns);
        show(new ActiveStep("Starting", watch.elapsed(), "", null, List.of()));
    }

    @Override
    public synchronized void accept(RunEvent event) {
        if (event instanceof RunEvent.Started started) {
            hide();
            String resumes = started.mode() == RunEvent.Mode.RESUMED ? " resumes where it stopped" : "";
            line.print(started.run() + resumes + RunResultText.assignments(started.parameters()));
        } else if (event instanceof RunEvent.Waiting waiting) {
            hide();
            print(waiting.run() + " waits: " + waiting.reason());
        } else if (event instanceof RunEvent.Warning warning) {
            print("Warning: " + warning.message());
        } else if (event instanceof RunEvent.Stopping) {
            print("Stopping; committed work is kept. Ctrl-C again ends the process at once.");
        } else if (event instanceof RunEvent.StepStarted started) {
            show(new ActiveStep(started.step(), watch.elapsed(), "", null, List.of()));
        } else if (event instanceof RunEvent.Stage stage) {
            show(step(stage.step()).at(stage.words()));
        } else if (event instanceof RunEvent.Rows rows) {
            show(step(rows.step())
                    .counted(
                            "rows",
                            rows.done(),
                            rows.total(),
                            Optional.ofNullable(workers.get(rows.step())).stream()
                                    .map(TerminalOutput::words)
                                    .toList(),
                            watch.elapsed()));
        } else if (event instanceof RunEvent.Workers number) {
            workers.put(number.step(), number.workers());
            if (step(number.step()).count() == null) {
                show(step(number.step()).at(words(number.workers())));
            }
        } else if (event instanceof RunEvent.Training training) {
            trainings.put(training.step(), training.progress());
            show(step(training.step())
                    .counted(
                            "steps",
                            training.progress().trainingStep(),
                            training.progress().trainingSteps(),
                            items(training.progress()),
                            watch.elapsed()));
        } else if (event instanceof RunEvent.Output output) {
            line.print("  " + output.step() + " | " + output.line());
        } else if (event instanceof RunEvent.ProgressBar bar) {
            show(step(bar.step()).at(bar.line()));
        } else if (event instanceof RunEvent.Result result) {
            results.put(result.step(), result.facts());
        } else if (event instanceof RunEvent.StepEnded ended) {
            stepEnded(ended);
        }
    }

    @Override
    public synchronized void ended(RunOutcome outcome) {
        hide();
        outcome.cause().ifPresent(cause -> print("Cause: " + cause));
        print(RunResultText.words(outcome));
        outcome.report().ifPresent(report -> print("Report: " + report.page()));
        RunResultText.log(outcome).ifPresent(log -> print("Log: " + log));
        outcome.next().forEach(next -> {
            print(next.what() + ":");
            line.print("  " + next.command()); // not wrapped: it is copied
        });
    }

    @Override
    public synchronized void close() {
        active = null;
        line.close();
    }

    private void stepEnded(RunEvent.StepEnded ended) {
        hide();
        String sign = ended.status().equals("COMPLETED") ? "@|green ✔|@" : "@|red ✘|@";
        String head = " %-10s %6.1f s  ".formatted(ended.step(), ended.seconds());
        List<String> items = figures(ended);
        if (ended.rows() > 0 && ended.seconds() >= 1) {
            items.add("%,.0f rows/s".formatted(ended.rows() / ended.seconds()));
        }
        // The sign's color takes no column.
        String text = LineWrap.items("*" + head, items, "  ", columns.getAsInt());
        line.print(Ansi.AUTO.string(sign) + text.substring(1));
    }

    private static String words(int workers) {
        return workers == 1 ? "1 worker" : workers + " workers";
    }

    /** The figures of a step; of a training that did not end, its progress. */
    private List<String> figures(RunEvent.StepEnded ended) {
        Facts result = results.get(ended.step());
        if (result != null) {
            return items(result);
        }
        TrainingProgress training = trainings.get(ended.step());
        if (training == null) {
            return new ArrayList<>(List.of("rows %,d".formatted(ended.rows())));
        }
        List<String> items = items(training);
        items.add(0, "%,d/%,d steps".formatted(training.trainingStep(), training.trainingSteps()));
        return items;
    }

    private ActiveStep step(String name) {
        ActiveStep step = active;
        return step != null && step.name().equals(name)
                ? step
                : new ActiveStep(name, watch.elapsed(), "", null, List.of());
    }

    private void show(ActiveStep step) {
        active = step;
        line.show(width -> step.text(width, watch.elapsed()));
    }

    private void hide() {
        active = null;
        line.clear();
    }

    private void print(String text) {
        line.print(LineWrap.text(text, columns.getAsInt()));
    }

    /** Plain figures, each with its name; tables and what consists of several figures are for the report. */
    private static List<String> items(Facts facts) {
        List<String> items = new ArrayList<>();
        Set<String> except = facts instanceof TrainingProgress ? COUNT : Set.of();
        Json.fields(facts).forEach((name, value) -> {
            if (!except.contains(name) && !(value instanceof Collection<?>) && !(value instanceof Map<?, ?>)) {
                items.add(name + " " + figure(value));
            }
        });
        return items;
    }

    private static String figure(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return "%.3f".formatted(((Number) value).doubleValue());
        }
        return value instanceof Number number ? "%,d".formatted(number.longValue()) : String.valueOf(value);
    }
}
