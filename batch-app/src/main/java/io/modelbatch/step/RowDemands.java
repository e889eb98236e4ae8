package io.modelbatch.step;

import io.modelbatch.inference.InferOptions;
import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.jobspec.StepSpec;
import io.modelbatch.source.ExtractOptions;
import io.modelbatch.source.Extraction.Use;
import io.modelbatch.source.Preview;
import io.modelbatch.training.TrainOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the steps behind an {@code extract} demand of its rows.
 *
 * @param steps those that read its rows
 */
record RowDemands(List<StepSpec> steps) {
    /** Of the steps for which it is the nearest extract before them. */
    static RowDemands on(JobSpec job, StepSpec extract) {
        return new RowDemands(job.steps().stream()
                .filter(step -> step.options() instanceof InferOptions || step.options() instanceof TrainOptions)
                .filter(step -> Earlier.find(job, step, ExtractOptions.class)
                        .filter(extract::equals)
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
        return Stream.of(
                        use(step, "text", train.text()),
                        use(step, "text-pair", train.textPair()),
                        use(step, "label", train.label()))
                .flatMap(Optional::stream);
    }

    private static Optional<Use> use(StepSpec step, String option, @Nullable String column) {
        return Optional.ofNullable(column)
                .map(name -> new Use(name, option + " of '" + step.name() + "', line " + step.line()));
    }

    /** Why rows that were counted would not do. */
    List<String> problems(Preview.Rows rows) {
        List<String> problems = new ArrayList<>();
        for (StepSpec step : steps) {
            uses(step)
                    .map(Use::column)
                    .distinct()
                    .forEach(column -> missing(step, column, rows).ifPresent(problems::add));
            if (step.options() instanceof TrainOptions train) {
                fewLabels(step, train, rows).ifPresent(problems::add);
            }
        }
        return problems;
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

    private static Optional<String> fewLabels(StepSpec step, TrainOptions train, Preview.Rows rows) {
        int labels = rows.of(train.label()).distinct();
        return labels > 1
                ? Optional.empty()
                : Optional.of("column '%s' has %s, and '%s' learns to tell at least two apart"
                        .formatted(train.label(), labels == 0 ? "no label" : "only one label", step.name()));
    }
}
