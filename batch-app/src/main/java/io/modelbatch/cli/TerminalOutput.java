package io.modelbatch.cli;

import io.modelbatch.launch.RunEvent;
import io.modelbatch.launch.RunOutcome;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** For a person: a bar for the step in hand, a line for each step that is done. */
final class TerminalOutput implements RunOutput {
    private final PrintWriter out;
    private final String command;
    private final Map<String, Map<String, Object>> results = new LinkedHashMap<>();
    private @Nullable ProgressBar bar;
    private String barStep = "";

    TerminalOutput(PrintWriter out, String command) {
        this.out = out;
        this.command = command;
    }

    @Override
    public synchronized void accept(RunEvent event) {
        if (event instanceof RunEvent.Started started) {
            String goesOn = started.mode() == RunEvent.Mode.RESUMED ? " goes on where it stopped" : "";
            println(started.run() + goesOn + Closing.assignments(started.parameters()));
        } else if (event instanceof RunEvent.Waiting waiting) {
            close();
            println(waiting.run() + " waits: " + waiting.reason());
        } else if (event instanceof RunEvent.Rows rows) {
            bar(rows.step(), " rows", rows.done(), rows.total());
        } else if (event instanceof RunEvent.Training training) {
            long step = ((Number) training.figures().getOrDefault("training-step", 0L)).longValue();
            long steps = ((Number) training.figures().getOrDefault("training-steps", 0L)).longValue();
            bar(training.step(), " steps", step, steps)
                    .setExtraMessage(" " + words(training.figures(), "training-step", "training-steps"));
        } else if (event instanceof RunEvent.Result result) {
            results.put(result.step(), result.figures());
        } else if (event instanceof RunEvent.StepEnded ended) {
            stepEnded(ended);
        }
    }

    @Override
    public void ended(RunOutcome outcome) {
        close();
        outcome.cause().ifPresent(cause -> println("Cause: " + cause));
        println(Closing.words(outcome)
                + outcome.report().map(report -> "; report: " + report).orElse("")
                + Closing.log(outcome).map(log -> "; log: " + log).orElse(""));
        Closing.next(outcome, command).ifPresent(this::println);
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
            barStep = "";
        }
        out.flush();
    }

    private void stepEnded(RunEvent.StepEnded ended) {
        close();
        String sign = ended.status().equals("COMPLETED") ? "@|green ✔|@" : "@|red ✘|@";
        String rate = ended.rows() > 0 && ended.seconds() >= 1
                ? "  %,.0f rows/s".formatted(ended.rows() / ended.seconds())
                : "";
        println("%s %-10s %6.1f s  %s%s"
                .formatted(
                        CommandLine.Help.Ansi.AUTO.string(sign),
                        ended.step(),
                        ended.seconds(),
                        words(results.getOrDefault(ended.step(), Map.of("rows", ended.rows()))),
                        rate));
    }

    private ProgressBar bar(String step, String unit, long done, long total) {
        if (bar == null || !barStep.equals(step)) {
            close();
            barStep = step;
            bar = new ProgressBarBuilder()
                    .setTaskName("  " + step)
                    .setUnit(unit, 1)
                    .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .setUpdateIntervalMillis(250)
                    .setInitialMax(total)
                    .setConsumer(new BarOnOneLine())
                    .startsFrom(done, java.time.Duration.ZERO)
                    .showSpeed()
                    .build();
        }
        return bar.stepTo(done);
    }

    /** The bar goes without a trace, and the line of its step takes its place. */
    private static final class BarOnOneLine extends ConsoleProgressBarConsumer {
        BarOnOneLine() {
            super(System.err);
        }

        @Override
        public void close() {
            System.err.print("\r\u001b[K");
            System.err.flush();
        }
    }

    private void println(String line) {
        out.println(line);
        out.flush();
    }

    private static String words(Map<String, Object> figures, String... except) {
        return figures.entrySet().stream()
                .filter(figure -> !java.util.List.of(except).contains(figure.getKey()))
                .filter(figure -> !(figure.getValue() instanceof Collection<?>)) // whole tables are for the report
                .map(figure -> figure.getKey() + " " + figure(figure.getValue()))
                .collect(Collectors.joining("  "));
    }

    private static String figure(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return "%.3f".formatted(((Number) value).doubleValue());
        }
        return value instanceof Number number ? "%,d".formatted(number.longValue()) : String.valueOf(value);
    }
}
