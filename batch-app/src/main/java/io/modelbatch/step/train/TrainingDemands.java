package io.modelbatch.step.train;

import io.modelbatch.base.PrintableText;
import io.modelbatch.extension.JobStep;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.training.objective.LearnedColumn;
import io.modelbatch.warehouse.Preview;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The requirements of a training for its rows. */
final class TrainingDemands {
    private static final int SHOWN = 10;
    private static final int SHOWN_CHARACTERS = 60;

    private final ModelRepository models;
    private final String step;
    private final TrainOptions options;

    TrainingDemands(ModelRepository models, JobStep<TrainOptions> step) {
        this.models = models;
        this.step = step.name();
        this.options = step.options();
    }

    /** The requirements that counted rows do not meet. */
    List<String> problems(Preview.Rows rows) {
        List<String> problems = new ArrayList<>();
        options.objective().columns().stream()
                .map(LearnedColumn::name)
                .distinct()
                .filter(column -> rows.of(column).nulls() > 0)
                .map(column -> "%s, and '%s' can learn nothing from them; leave them out: WHERE %s IS NOT NULL"
                        .formatted(rows.withoutValue(column), step, column))
                .forEach(problems::add);
        for (String column : labels()) {
            fewLabels(column, rows).ifPresent(problems::add);
            learned().flatMap(known -> unknownLabels(column, rows, known)).ifPresent(problems::add);
        }
        return problems;
    }

    private List<String> labels() {
        return options.objective().columns().stream()
                .filter(column -> column.values() == LearnedColumn.Values.LABEL)
                .map(LearnedColumn::name)
                .toList();
    }

    private Optional<String> fewLabels(String column, Preview.Rows rows) {
        int labels = rows.of(column).distinct();
        return labels > 1
                ? Optional.empty()
                : Optional.of("column '%s' has %s, and '%s' needs at least two labels"
                        .formatted(column, labels == 0 ? "no label" : "only one label", step));
    }

    /** The labels that a model has learned; empty if it cannot be read, which its own check reports. */
    private Optional<List<String>> learned() {
        List<String> labels = new ArrayList<>();
        try {
            models.verify(
                    options.model(),
                    model -> options.objective().learnedLabels(model).ifPresent(labels::addAll));
        } catch (ModelException | IOException e) {
            return Optional.empty();
        }
        return labels.isEmpty() ? Optional.empty() : Optional.of(labels);
    }

    private Optional<String> unknownLabels(String column, Preview.Rows rows, List<String> known) {
        List<String> unknown = rows.of(column).few().stream()
                .filter(label -> !known.contains(label))
                .map(label -> "'" + PrintableText.shortened(label, SHOWN_CHARACTERS) + "'")
                .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "column '%s' has %s, which the model %s of '%s' lacks; it knows %s. Fix the rows, or start from"
                                        .formatted(column, shown(unknown), options.model(), step, shown(known))
                                + " a model without a classifier, which learns the labels of the rows");
    }

    private static String shown(List<String> values) {
        return String.join(", ", values.subList(0, Math.min(SHOWN, values.size())))
                + (values.size() > SHOWN ? " and %,d more".formatted(values.size() - SHOWN) : "");
    }
}
