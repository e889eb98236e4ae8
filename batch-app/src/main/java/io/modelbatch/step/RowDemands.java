package io.modelbatch.step;

import io.modelbatch.extension.ColumnUse;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.Extraction.Use;
import io.modelbatch.warehouse.Preview;
import java.util.List;
import java.util.Optional;

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

    /** The steps that work on its rows. */
    private List<StepSpec> readers() {
        return extract.steps().stream()
                .filter(step -> !types.reads(step).isEmpty())
                .filter(step -> types.source(
                                extract.steps().subList(0, extract.steps().indexOf(step)), step)
                        .equals(Optional.of(extract.step())))
                .toList();
    }

    private static Use use(StepSpec reader, ColumnUse use) {
        return new Use(
                use.column(), use.option() + " of '" + reader.name() + "', line " + reader.line(), use.variety());
    }
}
