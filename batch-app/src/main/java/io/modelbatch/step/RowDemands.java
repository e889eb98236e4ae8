package io.modelbatch.step;

import io.modelbatch.extension.ColumnUse;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.Extraction.Use;
import io.modelbatch.warehouse.Preview;
import java.util.List;

/**
 * The requirements of later steps for the rows of an {@code extract}, as their types declare them.
 *
 * @param types of the steps
 * @param extract the step that pins the rows
 */
public record RowDemands(StepTypes types, JobStep<ExtractOptions> extract) {
    /** The columns that later steps read. */
    List<Use> uses() {
        return readers().stream()
                .flatMap(reader -> types.reads(reader).stream().map(use -> use(reader, use)))
                .toList();
    }

    /** The requirements that counted rows do not meet. */
    public List<String> problems(Preview.Rows rows, StepFactories factories) {
        return readers().stream()
                .flatMap(reader -> factories.bind(extract.of(reader)).rowProblems(rows).stream())
                .toList();
    }

    /** The steps for which it is the nearest extract before them. */
    private List<StepSpec> readers() {
        return extract.steps().stream()
                .filter(step -> !types.reads(step).isEmpty())
                .filter(step -> extract.findBefore(step, ExtractOptions.class)
                        .filter(extract.step()::equals)
                        .isPresent())
                .toList();
    }

    private static Use use(StepSpec reader, ColumnUse use) {
        return new Use(
                use.column(), use.option() + " of '" + reader.name() + "', line " + reader.line(), use.variety());
    }
}
