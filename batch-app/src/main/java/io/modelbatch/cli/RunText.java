package io.modelbatch.cli;

import io.modelbatch.run.RunSummary;
import io.modelbatch.run.RunWorkers;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run in a few lines: how far, how fast, by which process, why it failed and what to type next. */
final class RunText {
    private RunText() {}

    /** Prints it. */
    static void print(RunSummary run, Settings settings, PrintWriter out) {
        String ended = run.ended() == null ? "" : " to " + RunMessages.time(run.ended());
        out.printf(
                "%s  %s  %s%s (%s)%s%n",
                run.run(),
                run.status(),
                RunMessages.time(run.started()),
                ended,
                RunMessages.elapsed(Duration.ofMillis((long) (1000 * run.seconds()))),
                RunResultText.assignments(run.parameters()));
        if (run.pruned() != null) {
            out.println(
                    "  pruned " + RunMessages.time(run.pruned()) + ": its pinned rows, logs and report are removed");
        }
        for (RunSummary.StepSummary step : run.steps()) {
            out.println(LineWrap.items(
                    "  %-12s %-10s".formatted(step.name(), step.status()), figures(step), "  ", width()));
        }
        if (run.isOpen()) {
            out.println(wrapped("  " + capitalized(RunMessages.process(run))));
        }
        if (run.workers() != null) {
            out.println(wrapped("  " + workers(run.workers())));
        }
        if (run.cause() != null) {
            out.println(wrapped("  Cause: " + run.cause()));
        }
        String next = RunMessages.next(run, settings, "  ");
        if (!next.isEmpty()) {
            out.println(next);
        }
    }

    /** A text that fits the terminal. */
    static String wrapped(String text) {
        return LineWrap.text(text, width());
    }

    private static List<String> figures(RunSummary.StepSummary step) {
        List<String> figures = new ArrayList<>();
        figures.add("%,12d rows%s".formatted(step.rows(), RunResultText.rejected(step)));
        figures.add("%.1f s".formatted(step.seconds()));
        if (step.rows() > 0 && step.seconds() >= 1) {
            figures.add("%,.0f rows/s".formatted(step.rowsPerSecond()));
        }
        if (step.partitions() > 1) {
            figures.add("%d partitions".formatted(step.partitions()));
        }
        if (step.restarts() > 0) {
            figures.add("restarted " + step.restarts() + "×");
        }
        return figures;
    }

    /** Output into a file or to a program is not wrapped. */
    private static int width() {
        return Terminal.isThere() ? Terminal.columns() : Integer.MAX_VALUE;
    }

    private static String workers(RunWorkers its) {
        return (its.workers() == 1 ? "1 worker executes " : its.workers() + " workers execute ")
                + its.executing()
                + (its.executing() == 1 ? " partition; " : " partitions; ")
                + its.waiting()
                + (its.waiting() == 1 ? " waits" : " wait");
    }

    private static String capitalized(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
