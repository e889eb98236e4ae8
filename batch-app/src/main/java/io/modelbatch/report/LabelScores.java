package io.modelbatch.report;

import io.modelbatch.facts.Evaluated;
import io.modelbatch.report.html.Amount;
import io.modelbatch.report.html.Cell;
import io.modelbatch.report.html.Table;
import java.util.List;

/** Precision, recall and F1 of each label, from the confusion matrix. */
final class LabelScores {
    private LabelScores() {}

    static Table table(Evaluated evaluated) {
        Table table = new Table(
                "Labels: macro F1 " + Amount.number(evaluated.f1Macro()),
                "Label",
                "#Rows",
                "#Precision",
                "#Recall",
                "#F1");
        List<List<Long>> confusion = evaluated.confusion();
        for (int i = 0; i < confusion.size(); i++) {
            int label = i;
            long right = confusion.get(i).get(i);
            long rows = confusion.get(i).stream().mapToLong(count -> count).sum();
            long answers = confusion.stream().mapToLong(row -> row.get(label)).sum();
            table.row(
                    Cell.of(evaluated.labels().get(i)),
                    Cell.of(rows),
                    Cell.of(share(right, answers)),
                    Cell.of(share(right, rows)),
                    Cell.of(share(2 * right, rows + answers)));
        }
        return table;
    }

    private static String share(long part, long all) {
        return all == 0 ? "–" : Amount.percent(part / (double) all);
    }
}
