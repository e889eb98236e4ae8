package io.modelbatch.report;

import io.modelbatch.facts.AnswersOfRows;
import io.modelbatch.facts.RejectReason;
import io.modelbatch.report.html.Amount;
import io.modelbatch.report.html.Cell;
import io.modelbatch.report.html.Html;
import io.modelbatch.report.html.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The rows that were set aside, by reason. */
final class Rejects {
    private Rejects() {}

    static boolean isThere(RunReport report) {
        return report.steps().stream().anyMatch(step -> step.rejected() > 0);
    }

    static void write(Html html, RunReport report) {
        Sections.open(html, "rejects", "Rejected rows");
        for (RunReport.Step step : report.steps()) {
            if (step.rejected() > 0) {
                write(html, step);
            }
        }
        Sections.close(html);
    }

    private static void write(Html html, RunReport.Step step) {
        double share = step.rejected() / (double) Math.max(1, step.rows());
        html.element(
                "p",
                "%s of %s rows of %s were set aside (%s)."
                        .formatted(
                                Amount.count(step.rejected()),
                                Amount.count(step.rows()),
                                step.name(),
                                Amount.percent(share)));
        List<RejectReason> reasons =
                step.figures() instanceof AnswersOfRows answers ? answers.rejectReasons() : List.of();
        if (reasons.isEmpty()) {
            return;
        }
        Table table = new Table("Reasons", "Reason", "#Rows", "#Share of the rejected");
        reasons.forEach(reason -> table.row(
                Cell.of(reason.reason()),
                Cell.of(reason.rows()),
                Cell.of(Amount.percent(reason.rows() / (double) step.rejected()))));
        table.write(html);
        reasons.stream()
                .filter(reason -> !reason.samples().isEmpty())
                .forEach(reason -> samples(reason).writeClosed(html, "Samples: " + reason.reason()));
    }

    private static Table samples(RejectReason reason) {
        Set<String> columns = new LinkedHashSet<>();
        reason.samples().forEach(sample -> columns.addAll(sample.row().keySet()));
        Table table = new Table(
                "The first rows with this reason",
                Stream.concat(Stream.of("Key"), columns.stream()).toArray(String[]::new));
        reason.samples()
                .forEach(sample -> table.row(Stream.concat(
                                Stream.of(Cell.of(sample.key())),
                                columns.stream()
                                        .map(column -> Cell.of(sample.row().getOrDefault(column, ""))))
                        .toArray(Cell[]::new)));
        return table;
    }
}
