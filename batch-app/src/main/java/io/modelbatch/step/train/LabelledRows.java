package io.modelbatch.step.train;

import io.modelbatch.step.InputRows;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.training.Holdout;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Texts with their labels, as a training and its evaluation read them.
 *
 * @param labels the labels by number: the model's where it has learned some, else those that occur, in alphabetical order
 * @param training what the model learns from
 * @param heldOut what it never learns from
 */
record LabelledRows(List<String> labels, List<Row> training, List<Row> heldOut) {
    /**
     * A row.
     *
     * @param text what the model reads
     * @param pair the second text; null when it reads one
     * @param label the number of its label
     */
    record Row(String text, @Nullable String pair, int label) {}

    /**
     * Reads the rows.
     *
     * @param learned the labels that the model has learned, by number; empty for one that is to learn those of the rows
     * @throws StepFailedException when a row lacks a value or has a label that the model lacks, or there are too few rows
     */
    static LabelledRows read(
            Warehouse warehouse, PinnedInput input, TrainOptions options, Optional<List<String>> learned) {
        List<String> columns = new ArrayList<>(List.of(options.label(), options.text()));
        if (options.textPair() != null) {
            columns.add(options.textPair());
        }
        List<InputRows.Row> rows = InputRows.all(warehouse, input, columns);
        rows.forEach(row -> requireValues(row, columns));
        List<String> labels = learned.orElseGet(() -> List.copyOf(
                new TreeSet<>(rows.stream().map(row -> row.values().get(0)).toList())));
        rows.forEach(row -> requireLabel(row, labels, options));
        Holdout holdout = new Holdout(options.holdout());
        List<Row> training = new ArrayList<>();
        List<Row> heldOut = new ArrayList<>();
        for (InputRows.Row row : rows) {
            (holdout.holds(row.key()) ? heldOut : training).add(row(row, labels));
        }
        LabelledRows split = new LabelledRows(labels, training, heldOut);
        split.requireEnough(options);
        return split;
    }

    List<String> texts(Collection<Row> rows) {
        return rows.stream().map(Row::text).toList();
    }

    List<Integer> truth(Collection<Row> rows) {
        return rows.stream().map(Row::label).toList();
    }

    private static Row row(InputRows.Row row, List<String> labels) {
        String pair = row.values().size() > 2 ? row.values().get(2) : null;
        return new Row(
                String.valueOf(row.values().get(1)),
                pair,
                labels.indexOf(row.values().get(0)));
    }

    /** The rows of a run are pinned, so no other rows help this one. */
    private static StepFailedException unfit(String message) {
        return new StepFailedException(message + ". The run keeps its rows: start a new one with again=true");
    }

    private static void requireValues(InputRows.Row row, List<String> columns) {
        for (int i = 0; i < columns.size(); i++) {
            if (row.values().get(i) == null) {
                throw unfit("The row with key '" + row.key() + "' has no '" + columns.get(i)
                        + "' (null), and nothing can be learned from it; leave such rows out: WHERE " + columns.get(i)
                        + " IS NOT NULL");
            }
        }
    }

    private static void requireLabel(InputRows.Row row, List<String> labels, TrainOptions options) {
        String label = row.values().get(0);
        if (!labels.contains(label)) {
            throw unfit("The row with key '" + row.key() + "' has the " + options.label() + " '" + label
                    + "', which the model " + options.model() + " lacks; it knows " + String.join(", ", labels)
                    + ". Fix the row, or start from a model without a classifier, which learns the labels of the rows");
        }
    }

    private void requireEnough(TrainOptions options) {
        if (labels.size() < 2) {
            throw unfit("Column '" + options.label() + "' has "
                    + (labels.isEmpty() ? "no label: the query gave no row" : "only the label '" + labels.get(0) + "'")
                    + "; a classifier needs at least two");
        }
        if (training.isEmpty() || heldOut.isEmpty()) {
            throw unfit("Of " + (training.size() + heldOut.size()) + " rows " + heldOut.size()
                    + " are held out (holdout: " + options.holdout() + "); both sides need rows: take more rows");
        }
    }
}
