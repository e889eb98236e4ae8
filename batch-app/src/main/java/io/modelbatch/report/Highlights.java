package io.modelbatch.report;

import io.modelbatch.facts.AnswersOfRows;
import io.modelbatch.facts.Evaluated;
import io.modelbatch.facts.RejectReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The findings of a report in a few lines of plain text, each of one sentence. */
public final class Highlights {
    private static final int REASONS = 3;

    private Highlights() {}

    /** Those of a report, beside its status, cause, steps and next command. */
    public static List<String> of(RunReport report) {
        List<String> lines = new ArrayList<>();
        if (report.executions().size() > 1) {
            lines.add("Started %d times".formatted(report.executions().size()));
        }
        for (RunReport.Step step : report.steps()) {
            if (step.figures() instanceof AnswersOfRows answers) {
                reasons(answers.rejectReasons(), lines);
            } else if (step.figures() instanceof Evaluated evaluated) {
                lines.add(String.format(
                        Locale.ROOT,
                        "Of %,d held-out rows, %.1f %% are labelled correctly, macro F1 %.3f",
                        evaluated.rows(),
                        100 * evaluated.accuracy(),
                        evaluated.f1Macro()));
            }
            Results.places(step).forEach((what, where) -> lines.add(step.name() + " " + what + ": " + where));
        }
        drift(report, lines);
        Cost cost = report.cost();
        if (cost != null && cost.total() != null) {
            lines.add(String.format(
                    Locale.ROOT, "Cost: %.2f %s", cost.total(), cost.currency() == null ? "" : cost.currency()));
        }
        return lines;
    }

    private static void reasons(List<RejectReason> reasons, List<String> lines) {
        reasons.stream()
                .limit(REASONS)
                .forEach(reason -> lines.add(
                        String.format(Locale.ROOT, "Rejected: %,d rows, %s", reason.rows(), reason.reason())));
        if (reasons.size() > REASONS) {
            lines.add("Rejected: and " + (reasons.size() - REASONS) + " more reasons");
        }
    }

    private static void drift(RunReport report, List<String> lines) {
        RunReport.Previous previous = report.previous();
        if (previous == null) {
            return;
        }
        for (RunReport.Step step : report.steps()) {
            if (!step.drift().isEmpty()) {
                lines.add("Compared with " + previous.run() + ": "
                        + step.drift().stream()
                                .map(drift -> drift.of() + " " + DriftWords.of(drift))
                                .collect(Collectors.joining(", ")));
            }
        }
    }
}
