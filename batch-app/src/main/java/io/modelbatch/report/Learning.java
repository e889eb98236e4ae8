package io.modelbatch.report;

import io.modelbatch.facts.Evaluated;
import io.modelbatch.facts.Trained;
import io.modelbatch.report.html.Amount;
import io.modelbatch.report.html.CalibrationChart;
import io.modelbatch.report.html.Cell;
import io.modelbatch.report.html.Figure;
import io.modelbatch.report.html.HeatMap;
import io.modelbatch.report.html.Html;
import io.modelbatch.report.html.LineChart;
import io.modelbatch.report.html.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** The section about trainings and evaluations. */
final class Learning {
    private static final int LARGEST_MAP = 60;
    private static final int SERIES = 4;
    private static final LineChart.Axis STEPS = new LineChart.Axis("optimizer step", Amount::number);

    private Learning() {}

    static boolean isThere(RunReport report) {
        return report.steps().stream()
                .anyMatch(step -> step.figures() instanceof Trained || step.figures() instanceof Evaluated);
    }

    static void write(Html html, RunReport report) {
        Sections.open(html, "learning", "Training and evaluation");
        for (RunReport.Step step : report.steps()) {
            if (step.figures() instanceof Trained trained) {
                trained(html, step.name(), trained);
            } else if (step.figures() instanceof Evaluated evaluated) {
                evaluated(html, step.name(), evaluated);
            }
        }
        Sections.close(html);
    }

    private static void trained(Html html, String step, Trained trained) {
        html.element("h3", step);
        html.element(
                "p",
                "%s epochs, %s optimizer steps; mean loss of the last epoch %s."
                        .formatted(
                                Amount.count(trained.epochs()),
                                Amount.count(trained.trainingSteps()),
                                Amount.number(trained.loss())));
        html.open("div", "class", "charts");
        if (!trained.curve().isEmpty()) {
            Trained.Point last = trained.curve().get(trained.curve().size() - 1);
            curve("Loss", "loss", "At the end " + Amount.number(last.loss()) + ".", trained, Trained.Point::loss)
                    .write(html);
            curve("Learning rate", "learning rate", "Over the optimizer steps.", trained, Trained.Point::learningRate)
                    .write(html);
        }
        if (!trained.history().isEmpty()) {
            epochs(trained).write(html);
        }
        html.end();
    }

    private static Figure curve(
            String title, String name, String about, Trained trained, ToDoubleFunction<Trained.Point> value) {
        Table table = new Table(title, "#Step", "#" + title);
        List<LineChart.Point> points = new ArrayList<>();
        for (Trained.Point point : trained.curve()) {
            points.add(new LineChart.Point(point.step(), value.applyAsDouble(point)));
            table.row(Cell.of(point.step()), Cell.of(Amount.number(value.applyAsDouble(point))));
        }
        return new Figure(
                title,
                about,
                new LineChart(
                        STEPS, new LineChart.Axis(name, Amount::number), List.of(new LineChart.Series(title, points))),
                table);
    }

    private static Figure epochs(Trained trained) {
        Set<String> names = new TreeSet<>();
        trained.history().forEach(epoch -> names.addAll(epoch.metrics().keySet()));
        List<String> columns = new ArrayList<>(List.of("#Epoch", "#Loss"));
        names.forEach(name -> columns.add("#" + name));
        Table table = new Table("Epochs", columns.toArray(String[]::new));
        for (Trained.Epoch epoch : trained.history()) {
            List<Cell> cells = new ArrayList<>(List.of(Cell.of(epoch.epoch()), Cell.of(Amount.number(epoch.loss()))));
            names.forEach(name ->
                    cells.add(Cell.of(Amount.number(epoch.metrics().getOrDefault(name, Double.NaN)))));
            table.row(cells.toArray(Cell[]::new));
        }
        List<LineChart.Series> series = names.stream()
                .limit(SERIES)
                .map(name -> new LineChart.Series(
                        name,
                        trained.history().stream()
                                .map(epoch -> new LineChart.Point(
                                        epoch.epoch(), epoch.metrics().getOrDefault(name, Double.NaN)))
                                .toList()))
                .toList();
        return new Figure(
                "Metrics by epoch",
                "Of the held-out rows: " + String.join(", ", names) + ".",
                new LineChart(
                        new LineChart.Axis("epoch", Learning::whole),
                        new LineChart.Axis("metric", lowest(trained), Amount::number),
                        series),
                table);
    }

    /** Metrics near 1 differ in their last digits: their axis begins below the lowest. */
    private static double lowest(Trained trained) {
        double lowest = trained.history().stream()
                .flatMap(epoch -> epoch.metrics().values().stream())
                .filter(Double::isFinite)
                .mapToDouble(metric -> metric)
                .min()
                .orElse(0);
        return lowest > 0.2 && lowest <= 1 ? Math.floor(10 * lowest - 0.5) / 10 : Math.min(0, lowest);
    }

    private static String whole(double number) {
        return number == Math.rint(number) ? Amount.number(number) : "";
    }

    private static void evaluated(Html html, String step, Evaluated evaluated) {
        html.element("h3", step);
        html.element(
                "p",
                "Of %s held-out rows, %s are labelled correctly; the most frequent label alone would be right for %s, and a bag of words for %s."
                        .formatted(
                                Amount.count(evaluated.rows()),
                                Amount.percent(evaluated.accuracy()),
                                Amount.percent(evaluated.majorityClass()),
                                Amount.percent(evaluated.bagOfWords())));
        html.open("div", "class", "charts");
        if (evaluated.labels().size() <= LARGEST_MAP) {
            confusion(evaluated).write(html);
        }
        if (!evaluated.calibration().isEmpty()) {
            calibration(evaluated).write(html);
        }
        html.end();
        LabelScores.table(evaluated).write(html);
        if (!evaluated.mistakes().isEmpty()) {
            Table mistakes = new Table("The most confident mistakes", "Key", "Text", "True label", "Answer", "#Score");
            evaluated
                    .mistakes()
                    .forEach(mistake -> mistakes.row(
                            Cell.of(mistake.key()),
                            Cell.of(mistake.text() == null ? "" : mistake.text()),
                            Cell.of(mistake.label()),
                            Cell.of(mistake.answer()),
                            Cell.of(Amount.number(mistake.score()))));
            mistakes.write(html);
        }
    }

    private static Figure confusion(Evaluated evaluated) {
        Table table = new Table("Wrong answers, the most frequent first", "True label", "Answer", "#Rows");
        List<Wrong> wrong = new ArrayList<>();
        for (int i = 0; i < evaluated.labels().size(); i++) {
            for (int j = 0; j < evaluated.labels().size(); j++) {
                if (i != j && evaluated.confusion().get(i).get(j) > 0) {
                    wrong.add(new Wrong(
                            evaluated.labels().get(i),
                            evaluated.labels().get(j),
                            evaluated.confusion().get(i).get(j)));
                }
            }
        }
        wrong.sort(Comparator.comparingLong(Wrong::rows).reversed());
        wrong.forEach(one -> table.row(Cell.of(one.label()), Cell.of(one.answer()), Cell.of(one.rows())));
        String about = wrong.isEmpty()
                ? "No row is labelled wrong."
                : "Most often wrong: " + wrong.get(0).label() + " as "
                        + wrong.get(0).answer() + ", "
                        + Amount.count(wrong.get(0).rows()) + " rows.";
        return new Figure("Confusion", about, new HeatMap(evaluated.labels(), evaluated.confusion()), table);
    }

    /** Rows of a label with another one as the answer. */
    private record Wrong(String label, String answer, long rows) {}

    private static Figure calibration(Evaluated evaluated) {
        double rows = Math.max(1, evaluated.rows());
        Table table = new Table("Calibration", "#Score from", "#To", "#Rows", "#Mean score", "#Correct");
        evaluated
                .calibration()
                .forEach(bin -> table.row(
                        Cell.of(Amount.number(bin.from())),
                        Cell.of(Amount.number(bin.to())),
                        Cell.of(bin.rows()),
                        Cell.of(Amount.number(bin.confidence())),
                        Cell.of(Amount.percent(bin.accuracy()))));
        String about = "On the dashed line, a score is a probability; the larger a dot, the more rows."
                + (evaluated.expectedCalibrationError() == null
                        ? ""
                        : " Expected calibration error: " + Amount.number(evaluated.expectedCalibrationError()) + ".");
        return new Figure(
                "Calibration",
                about,
                new CalibrationChart(evaluated.calibration().stream()
                        .map(bin -> new CalibrationChart.Point(bin.confidence(), bin.accuracy(), bin.rows() / rows))
                        .toList()),
                table);
    }
}
