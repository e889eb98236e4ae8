package io.modelbatch.step;

import io.modelbatch.base.PrintableText;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.training.objective.LearnedColumn;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.Extraction.Use;
import io.modelbatch.warehouse.Preview;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The requirements of later steps for the rows of an {@code extract}.
 *
 * @param steps those that read its rows
 */
public record RowDemands(List<StepSpec> steps) {
    private static final int SHOWN = 10;
    private static final int SHOWN_CHARACTERS = 60;

    /** Of the steps for which it is the nearest extract before them. */
    public static RowDemands on(JobStep<ExtractOptions> extract) {
        return new RowDemands(extract.steps().stream()
                .filter(step -> step.options() instanceof InferOptions || step.options() instanceof TrainOptions)
                .filter(step -> extract.findBefore(step, ExtractOptions.class)
                        .filter(extract.step()::equals)
                        .isPresent())
                .toList());
    }

    /** The columns that they read. */
    List<Use> uses() {
        return steps.stream().flatMap(RowDemands::uses).toList();
    }

    private static Stream<Use> uses(StepSpec step) {
        if (step.options() instanceof InferOptions infer) {
            return Stream.of(use(step, "text", infer.text()), use(step, "text-pair", infer.textPair()))
                    .flatMap(Optional::stream);
        }
        TrainOptions train = (TrainOptions) step.options();
        return train.objective().columns().stream()
                .map(column -> new Use(column.name(), by(step, column.option()), variety(column)));
    }

    private static Use.Variety variety(LearnedColumn column) {
        return switch (column.values()) {
            case TEXT -> Use.Variety.ANY;
            case LABEL -> Use.Variety.FEW;
        };
    }

    private static Optional<Use> use(StepSpec step, String option, @Nullable String column) {
        return Optional.ofNullable(column).map(name -> new Use(name, by(step, option)));
    }

    private static String by(StepSpec step, String option) {
        return option + " of '" + step.name() + "', line " + step.line();
    }

    /** The labels that a model has learned, by number; empty for one that is to learn those of the rows. */
    @FunctionalInterface
    public interface Learned {
        Optional<List<String>> of(TrainOptions train);
    }

    /** The requirements that counted rows do not meet. */
    public List<String> problems(Preview.Rows rows, Learned learned) {
        List<String> problems = new ArrayList<>();
        for (StepSpec step : steps) {
            uses(step)
                    .map(Use::column)
                    .distinct()
                    .forEach(column -> missing(step, column, rows).ifPresent(problems::add));
            if (step.options() instanceof TrainOptions train) {
                for (String column : labels(train)) {
                    fewLabels(step, column, rows).ifPresent(problems::add);
                    learned.of(train)
                            .flatMap(known -> unknownLabels(step, column, rows, known))
                            .ifPresent(problems::add);
                }
            }
        }
        return problems;
    }

    private static List<String> labels(TrainOptions train) {
        return train.objective().columns().stream()
                .filter(column -> column.values() == LearnedColumn.Values.LABEL)
                .map(LearnedColumn::name)
                .toList();
    }

    private static Optional<String> missing(StepSpec step, String column, Preview.Rows rows) {
        long nulls = rows.of(column).nulls();
        String found = "%,d of %,d rows have no '%s' (null)".formatted(nulls, rows.count(), column);
        if (step.options() instanceof InferOptions infer) {
            long most = infer.mostRejects(rows.count());
            return nulls <= most
                    ? Optional.empty()
                    : Optional.of(
                            "%s, and '%s' may set aside %,d; leave them out (WHERE %s IS NOT NULL) or allow more with 'rejects'"
                                    .formatted(found, step.name(), most, column));
        }
        return nulls == 0
                ? Optional.empty()
                : Optional.of("%s, and '%s' can learn nothing from them; leave them out: WHERE %s IS NOT NULL"
                        .formatted(found, step.name(), column));
    }

    private static Optional<String> unknownLabels(StepSpec step, String column, Preview.Rows rows, List<String> known) {
        String model = ((TrainOptions) step.options()).model();
        List<String> unknown = rows.of(column).few().stream()
                .filter(label -> !known.contains(label))
                .map(label -> "'" + PrintableText.shortened(label, SHOWN_CHARACTERS) + "'")
                .toList();
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "column '%s' has %s, which the model %s of '%s' lacks; it knows %s. Fix the rows, or start from"
                                        .formatted(column, shown(unknown), model, step.name(), shown(known))
                                + " a model without a classifier, which learns the labels of the rows");
    }

    private static String shown(List<String> values) {
        return String.join(", ", values.subList(0, Math.min(SHOWN, values.size())))
                + (values.size() > SHOWN ? " and %,d more".formatted(values.size() - SHOWN) : "");
    }

    private static Optional<String> fewLabels(StepSpec step, String column, Preview.Rows rows) {
        int labels = rows.of(column).distinct();
        return labels > 1
                ? Optional.empty()
                : Optional.of("column '%s' has %s, and '%s' needs at least two labels"
                        .formatted(column, labels == 0 ? "no label" : "only one label", step.name()));
    }
}
