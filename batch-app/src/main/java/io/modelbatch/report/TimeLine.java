package io.modelbatch.report;

import io.modelbatch.facts.Answered;
import io.modelbatch.facts.AnswersOfRows;
import io.modelbatch.report.html.Amount;
import io.modelbatch.report.html.Cell;
import io.modelbatch.report.html.Figure;
import io.modelbatch.report.html.Html;
import io.modelbatch.report.html.LineChart;
import io.modelbatch.report.html.ShareBar;
import io.modelbatch.report.html.Table;
import io.modelbatch.report.html.TimelineChart;
import io.modelbatch.report.html.TimelineChart.Bar;
import io.modelbatch.report.html.TimelineChart.Lane;
import io.modelbatch.report.html.WorkTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The run over time: steps, partitions and executions, speed, and what was waited for. */
final class TimeLine {
    private static final int STEP = 16;
    private static final int PARTITION = 9;

    /** Partitions that have a row each. More of them share rows, as many as worked at the same time. */
    private static final int FEW = 24;

    private static final int HIGHEST = 220;

    private final RunReport report;
    private final Instant now;
    private final WorkTime axis;

    TimeLine(RunReport report, Instant now) {
        this.report = report;
        this.now = now;
        this.axis = axis();
    }

    boolean isThere() {
        return report.steps().stream().anyMatch(step -> !step.attempts().isEmpty());
    }

    void write(Html html) {
        Sections.open(html, "time", "Time");
        steps().write(html);
        html.open("div", "class", "charts");
        for (RunReport.Step step : report.steps()) {
            if (step.pace().size() > 1) {
                pace(step, "Rows", Pace::rows).write(html);
                if (step.pace().stream().anyMatch(pace -> pace.tokens() > 0)) {
                    pace(step, "Tokens", Pace::tokens).write(html);
                }
            }
            if (step.figures() instanceof AnswersOfRows answers) {
                waiting(step.name(), answers).write(html);
            }
        }
        html.end();
        Sections.close(html);
    }

    private Figure steps() {
        List<Lane> lanes = new ArrayList<>();
        Table table = new Table(
                "Executions of steps and partitions",
                "Step",
                "#Partition",
                "#Execution",
                "Status",
                "Started",
                "#Time",
                "#Rows");
        List<String> about = new ArrayList<>();
        for (RunReport.Step step : report.steps()) {
            lanes.add(new Lane(step.name(), List.of(bars(own(step), Double.MAX_VALUE)), STEP));
            List<Attempt> parts = partitions(step);
            if (!parts.isEmpty()) {
                Partitions partitions = new Partitions(parts);
                lanes.add(partitions.lane());
                about.add(partitions.words(step.name()));
            }
            step.attempts().stream()
                    .filter(attempt -> attempt.started() != null)
                    .forEach(attempt -> table.row(
                            Cell.of(step.name()),
                            Cell.of(
                                    attempt.partition() == null
                                            ? ""
                                            : attempt.partition().toString()),
                            Cell.of(attempt.execution()),
                            Cell.of(attempt.status().toLowerCase(Locale.ROOT)),
                            Cell.of(start(attempt)),
                            Cell.of(Amount.duration(seconds(attempt))),
                            Cell.of(attempt.rows())));
        }
        int pauses = axis.pauses().size();
        if (pauses > 0) {
            about.add(
                    pauses == 1
                            ? "The dashed line is a pause between two executions, which takes no room."
                            : "Dashed lines are the " + pauses + " pauses between executions, which take no room.");
        }
        if (about.isEmpty()) {
            about.add("When each step worked.");
        }
        return new Figure("Time line", String.join(" ", about), new TimelineChart(axis, lanes), table);
    }

    private static List<Attempt> own(RunReport.Step step) {
        return step.attempts().stream()
                .filter(attempt -> attempt.partition() == null && attempt.started() != null)
                .toList();
    }

    private static List<Attempt> partitions(RunReport.Step step) {
        return step.attempts().stream()
                .filter(attempt -> attempt.partition() != null && attempt.started() != null)
                .sorted(Comparator.comparing(TimeLine::start))
                .toList();
    }

    private List<Bar> bars(List<Attempt> attempts, double slow) {
        return attempts.stream()
                .map(attempt ->
                        new Bar(epoch(start(attempt)), epoch(start(attempt)) + seconds(attempt), state(attempt, slow)))
                .toList();
    }

    private TimelineChart.State state(Attempt attempt, double slow) {
        return switch (attempt.status()) {
            case "COMPLETED" -> seconds(attempt) > slow ? TimelineChart.State.SLOW : TimelineChart.State.DONE;
            case "STOPPED", "STOPPING" -> TimelineChart.State.STOPPED;
            case "STARTED", "STARTING" ->
                attempt.execution() == report.executions().size() && report.ended() == null
                        ? TimelineChart.State.AT_WORK
                        : TimelineChart.State.FAILED;
            default -> TimelineChart.State.FAILED;
        };
    }

    /** The partitions of a step: a row each, or, when there are many, packed. */
    private final class Partitions {
        private final Map<Integer, List<Attempt>> byPartition = new LinkedHashMap<>();
        private final double median;
        private final Attempt slowest;

        Partitions(List<Attempt> attempts) {
            attempts.forEach(attempt -> byPartition
                    .computeIfAbsent(attempt.partition() == null ? 0 : attempt.partition(), number -> new ArrayList<>())
                    .add(attempt));
            List<Attempt> bySeconds = attempts.stream()
                    .sorted(Comparator.comparingDouble(TimeLine.this::seconds))
                    .toList();
            median = seconds(bySeconds.get(bySeconds.size() / 2));
            slowest = bySeconds.get(bySeconds.size() - 1);
        }

        Lane lane() {
            List<List<Bar>> rows = byPartition.values().stream()
                    .map(attempts -> bars(attempts, slow()))
                    .toList();
            String name = Amount.count(rows.size()) + (rows.size() == 1 ? " partition" : " partitions");
            if (rows.size() > FEW) {
                rows = TimelineChart.packed(rows.stream().flatMap(List::stream).toList());
            }
            return new Lane(name, rows, Math.max(STEP, Math.min(HIGHEST, rows.size() * PARTITION)));
        }

        /** A partition as fast as the others is not slow, however short all of them are. */
        private double slow() {
            return byPartition.size() < 3 ? Double.MAX_VALUE : 2 * median;
        }

        String words(String step) {
            long slow = byPartition.values().stream()
                    .flatMap(List::stream)
                    .filter(attempt -> seconds(attempt) > slow())
                    .count();
            return "A partition of %s took %s (median); the slowest, number %d, took %s.%s"
                    .formatted(
                            step,
                            Amount.duration(median),
                            slowest.partition(),
                            Amount.duration(seconds(slowest)),
                            slow == 0
                                    ? ""
                                    : " Orange: the " + Amount.count(slow) + " that took more than twice the median.");
        }
    }

    private Figure pace(RunReport.Step step, String what, ToLongFunction<Pace> amount) {
        Table table = new Table(what + " per second of " + step.name(), "From", "#" + what, "#" + what + "/s");
        List<LineChart.Point> points = new ArrayList<>();
        double unit = axis.unit().seconds();
        for (Pace pace : step.pace()) {
            double rate = amount.applyAsLong(pace) / Math.max(1e-3, pace.seconds());
            double from = axis.at(epoch(pace.from())) / unit;
            double to = axis.at(epoch(pace.from()) + pace.seconds()) / unit;
            if (to > from) {
                points.add(new LineChart.Point(from, rate));
                points.add(new LineChart.Point(to, rate));
            }
            table.row(Cell.of(pace.from()), Cell.of(amount.applyAsLong(pace)), Cell.of(Amount.number(rate)));
        }
        double all = step.pace().stream().mapToLong(amount).sum();
        double seconds = step.pace().stream().mapToDouble(Pace::seconds).sum();
        return new Figure(
                what + " per second of " + step.name(),
                "On average " + Amount.number(Math.rint(all / Math.max(1e-3, seconds))) + ", while it committed.",
                new LineChart(
                        new LineChart.Axis("time of work, " + axis.unit().sign(), Amount::number),
                        new LineChart.Axis(what.toLowerCase(Locale.ROOT) + "/s", Amount::number),
                        List.of(new LineChart.Series(what, points))),
                table);
    }

    private static Figure waiting(String step, AnswersOfRows answers) {
        Answered.Seconds seconds = answers.seconds();
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("computing", seconds.computing());
        parts.put("waiting for rows", seconds.waitingForRows());
        parts.put("waiting for the model", seconds.waitingForTheModel());
        parts.put("writing", seconds.writing());
        double sum =
                Math.max(1e-9, parts.values().stream().mapToDouble(part -> part).sum());
        Table table = new Table("Time of the partitions of " + step, "Activity", "#Time", "#Share");
        parts.forEach((name, value) ->
                table.row(Cell.of(name), Cell.of(Amount.duration(value)), Cell.of(Amount.percent(value / sum))));
        String on = answers instanceof Answered answered && answered.device() != null
                ? " On " + answered.device() + ", in " + answered.dtype() + "."
                : "";
        return new Figure(
                "What " + step + " spent its time on",
                "All partitions together. %s tokens computed for each that was read (padding).%s"
                        .formatted(Amount.number(answers.padding()), on),
                new ShareBar(parts),
                table);
    }

    private WorkTime axis() {
        List<WorkTime.Span> spans = new ArrayList<>();
        for (RunReport.Execution execution : report.executions()) {
            spans.add(new WorkTime.Span(epoch(execution.started()), epoch(end(execution))));
        }
        for (RunReport.Step step : report.steps()) {
            for (Attempt attempt : step.attempts()) {
                if (attempt.started() != null) {
                    spans.add(new WorkTime.Span(epoch(attempt.started()), epoch(attempt.started()) + seconds(attempt)));
                }
            }
        }
        return WorkTime.of(spans);
    }

    /** The end of an execution; of one that was killed, the last time that it is known to have worked. */
    private Instant end(RunReport.Execution execution) {
        if (execution.ended() != null) {
            return execution.ended();
        }
        boolean isLast = execution.number() == report.executions().size();
        return isLast && report.ended() == null ? later(now, execution.started()) : lastSign(execution);
    }

    private Instant lastSign(RunReport.Execution execution) {
        Instant last = execution.started();
        for (RunReport.Step step : report.steps()) {
            for (Attempt attempt : step.attempts()) {
                if (attempt.execution() == execution.number()) {
                    last = later(last, attempt.started());
                    last = later(last, attempt.ended());
                }
            }
        }
        return last;
    }

    private static Instant later(Instant one, @Nullable Instant other) {
        return other != null && other.isAfter(one) ? other : one;
    }

    private double seconds(Attempt attempt) {
        Instant end = attempt.ended();
        if (end == null) {
            end = report.executions().stream()
                    .filter(execution -> execution.number() == attempt.execution())
                    .findFirst()
                    .map(this::end)
                    .orElse(start(attempt));
        }
        return Math.max(0, epoch(end) - epoch(start(attempt)));
    }

    private static Instant start(Attempt attempt) {
        return attempt.started() == null ? Instant.EPOCH : attempt.started();
    }

    private static double epoch(Instant time) {
        return time.getEpochSecond() + time.getNano() / 1e9;
    }
}
