package io.modelbatch.report;

import io.modelbatch.facts.AnswersOfRows;
import io.modelbatch.facts.Distributions;
import io.modelbatch.facts.Histogram;
import io.modelbatch.report.html.Amount;
import io.modelbatch.report.html.BarChart;
import io.modelbatch.report.html.Cell;
import io.modelbatch.report.html.Figure;
import io.modelbatch.report.html.HistogramChart;
import io.modelbatch.report.html.Html;
import io.modelbatch.report.html.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The distributions of answers and texts, beside those of the previous run. */
final class Comparisons {
    private static final int BARS = 20;

    private Comparisons() {}

    static boolean isThere(RunReport report) {
        return report.steps().stream().anyMatch(step -> distributions(step).isPresent());
    }

    static void write(Html html, RunReport report, Links links) {
        Sections.open(html, "distributions", "Answers and texts");
        RunReport.Previous previous = report.previous();
        if (previous == null) {
            html.element("p", "There is no previous completed run of this job to compare with.");
        } else if (report.steps().stream().allMatch(step -> step.drift().isEmpty())) {
            html.element("p", "A step is compared with the previous completed run when it is complete.");
        } else {
            html.open("p").text("Compared with ");
            links.run(previous.run(), previous.report()).write(html);
            html.text(", the previous completed run, which ended at ");
            Cell.of(previous.ended()).write(html);
            html.text(".").end();
        }
        for (RunReport.Step step : report.steps()) {
            distributions(step).ifPresent(distributions -> write(html, step, distributions));
        }
        Sections.close(html);
    }

    private static Optional<Distributions> distributions(RunReport.Step step) {
        return step.figures() instanceof AnswersOfRows answers
                ? Optional.ofNullable(answers.distributions())
                : Optional.empty();
    }

    private static void write(Html html, RunReport.Step step, Distributions distributions) {
        if (!step.drift().isEmpty()) {
            drift(step.drift()).write(html);
            html.element("p", DriftWords.EXPLANATION, "class", "note");
        }
        html.open("div", "class", "charts");
        if (!distributions.labels().isEmpty()) {
            labels(distributions.labels(), drift(step, "labels")).write(html);
        }
        if (distributions.scores() != null) {
            histogram("Scores", "score", distributions.scores(), drift(step, "scores"))
                    .write(html);
        }
        histogram("Text lengths", "tokens", distributions.lengths(), drift(step, "lengths"))
                .write(html);
        html.end();
    }

    private static Table drift(List<Drift> all) {
        Table table = new Table(
                "Differences from the previous run",
                "Of",
                "In words",
                "#Population stability index",
                "#Jensen-Shannon distance");
        all.forEach(drift -> table.row(
                Cell.of(drift.of()),
                Cell.of(DriftWords.of(drift)),
                Cell.of(rounded(drift.populationStability())),
                Cell.of(rounded(drift.jensenShannon()))));
        return table;
    }

    /** More digits than these are noise. */
    private static String rounded(double index) {
        return Amount.number(Math.rint(index * 1000) / 1000);
    }

    private static Optional<Drift> drift(RunReport.Step step, String of) {
        return step.drift().stream().filter(drift -> drift.of().equals(of)).findFirst();
    }

    private static Figure labels(Map<String, Long> labels, Optional<Drift> drift) {
        Map<String, Long> before = drift.map(Drift::previousLabels).orElse(null);
        Set<String> names = new LinkedHashSet<>(labels.keySet());
        if (before != null) {
            names.addAll(before.keySet());
        }
        List<BarChart.Bar> bars = new ArrayList<>();
        Table table = before == null
                ? new Table("Labels", "Label", "#Rows", "#Share")
                : new Table("Labels", "Label", "#Rows", "#Share", "#Before", "#Share before");
        for (String name : names) {
            long rows = labels.getOrDefault(name, 0L);
            double share = share(rows, labels);
            if (before == null) {
                bars.add(new BarChart.Bar(name, share, -1));
                table.row(Cell.of(name), Cell.of(rows), Cell.of(Amount.percent(share)));
            } else {
                long rowsBefore = before.getOrDefault(name, 0L);
                double shareBefore = share(rowsBefore, before);
                bars.add(new BarChart.Bar(name, share, shareBefore));
                table.row(
                        Cell.of(name),
                        Cell.of(rows),
                        Cell.of(Amount.percent(share)),
                        Cell.of(rowsBefore),
                        Cell.of(Amount.percent(shareBefore)));
            }
        }
        List<BarChart.Bar> shown = bars.subList(0, Math.min(BARS, bars.size()));
        String most = shown.isEmpty()
                ? ""
                : "Most frequent: " + shown.get(0).name() + ", "
                        + Amount.percent(shown.get(0).share()) + ".";
        String rest = bars.size() > BARS ? " The first " + BARS + " of " + bars.size() + "; the table has all." : "";
        return new Figure("Labels", most + rest, new BarChart(List.copyOf(shown)), table);
    }

    private static double share(long rows, Map<String, Long> of) {
        return rows
                / (double) Math.max(
                        1, of.values().stream().mapToLong(count -> count).sum());
    }

    private static Figure histogram(String title, String name, Histogram histogram, Optional<Drift> drift) {
        Histogram before = drift.map(Drift::previousHistogram)
                .filter(previous -> previous.edges().equals(histogram.edges()))
                .orElse(null);
        List<Double> shares = shares(histogram);
        List<Double> outline = before == null ? List.of() : shares(before);
        Table table = before == null
                ? new Table(title, "#From", "#To", "#Rows", "#Share")
                : new Table(title, "#From", "#To", "#Rows", "#Share", "#Before", "#Share before");
        for (int i = 0; i < shares.size(); i++) {
            List<Cell> cells = new ArrayList<>(List.of(
                    Cell.of(Amount.number(histogram.edges().get(i))),
                    Cell.of(Amount.number(histogram.edges().get(i + 1))),
                    Cell.of(histogram.counts().get(i)),
                    Cell.of(Amount.percent(shares.get(i)))));
            if (before != null) {
                cells.add(Cell.of(before.counts().get(i)));
                cells.add(Cell.of(Amount.percent(outline.get(i))));
            }
            table.row(cells.toArray(Cell[]::new));
        }
        return new Figure(
                title, middle(histogram, shares), new HistogramChart(name, histogram.edges(), shares, outline), table);
    }

    private static String middle(Histogram histogram, List<Double> shares) {
        double sum = 0;
        for (int i = 0; i < shares.size(); i++) {
            sum += shares.get(i);
            if (sum >= 0.5) {
                return "The median is between "
                        + Amount.number(histogram.edges().get(i)) + " and "
                        + Amount.number(histogram.edges().get(i + 1)) + ".";
            }
        }
        return "No rows.";
    }

    private static List<Double> shares(Histogram histogram) {
        double sum = Math.max(
                1, histogram.counts().stream().mapToLong(count -> count).sum());
        return histogram.counts().stream().map(count -> count / sum).toList();
    }
}
