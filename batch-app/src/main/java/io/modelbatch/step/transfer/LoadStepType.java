package io.modelbatch.step.transfer;

import io.modelbatch.extension.ResultStepType;
import io.modelbatch.extension.StepDraft;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepProblem;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import io.modelbatch.step.infer.StepPreviews;
import io.modelbatch.step.rows.RowServices;
import io.modelbatch.warehouse.LoadOptions;
import io.modelbatch.warehouse.TableLoad;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code load}: puts a result into a table. */
public final class LoadStepType implements StepType<LoadOptions> {
    static final String KEY = "load";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Class<LoadOptions> options() {
        return LoadOptions.class;
    }

    @Override
    public String description() {
        return "the rows of a result in a table";
    }

    @Override
    public Optional<String> needs() {
        return Optional.of("infer");
    }

    @Override
    public boolean takesRowsOf(StepType<?> earlier) {
        return earlier instanceof ResultStepType<?>;
    }

    /** A load replaces its table: of two into one table the second would replace the first. */
    @Override
    public List<StepProblem> problems(StepDraft<LoadOptions> draft) {
        String table = table(draft.options());
        return draft.earlier().stream()
                .filter(step -> draft.options().mode() == TableLoad.Mode.REPLACE)
                .filter(step -> step.options() instanceof LoadOptions load
                        && table(load).equals(table))
                .limit(1)
                .map(first -> draft.problem("loads into " + table + ", like the step in line " + first.line()
                        + ", and would replace its result; give it another 'table', or 'mode: append'"))
                .toList();
    }

    @Override
    public List<StepResult> results() {
        return List.of(
                StepResult.ofOption("table", "table", "name of the table"),
                new StepResult("rows", "rows of the result"),
                new StepResult("table-rows", "rows of the table afterwards"));
    }

    @Override
    public Set<String> knownAtStart() {
        return Set.of("table", "partition");
    }

    @Override
    public StepFactory<LoadOptions> factory(StepServices services) {
        return new LoadSteps(services.get(RowServices.class), services.get(StepPreviews.class));
    }

    private static String table(LoadOptions options) {
        return options.table() + (options.partition() == null ? "" : ", partition " + options.partition());
    }
}
