package io.modelbatch.step.transfer;

import io.modelbatch.base.NearestName;
import io.modelbatch.extension.StepDraft;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepProblem;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.step.StepFactories;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.infer.StepPreviews;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.Warehouse;
import io.modelbatch.warehouse.WarehouseException;
import java.util.List;
import java.util.Set;

/** {@code extract}: pins the rows of a query. */
public final class ExtractStepType implements StepType<ExtractOptions> {
    static final String KEY = "extract";
    private static final String QUERY = "query";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Class<ExtractOptions> options() {
        return ExtractOptions.class;
    }

    @Override
    public String description() {
        return "the rows of a query";
    }

    @Override
    public Set<String> queries() {
        return Set.of(QUERY);
    }

    @Override
    public List<StepProblem> problems(StepDraft<ExtractOptions> draft) {
        try {
            return draft.options().queryParameters().stream()
                    .distinct()
                    .filter(name -> !draft.parameters().contains(name))
                    .map(name -> draft.problem(QUERY, undefined(name, draft.parameters())))
                    .toList();
        } catch (WarehouseException e) {
            return List.of(draft.problem(QUERY, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public List<StepResult> results() {
        return List.of(new StepResult("rows", "rows that the query found"));
    }

    @Override
    public Set<String> knownAtStart() {
        return Set.of("key");
    }

    @Override
    public StepFactory<ExtractOptions> factory(StepServices services) {
        return new ExtractSteps(
                services.get(StepKit.class),
                services.get(Warehouse.class),
                services.get(StepPreviews.class),
                services.get(StepTypes.class),
                services.get(StepFactories.class));
    }

    private static String undefined(String name, Set<String> parameters) {
        String defined = parameters.isEmpty()
                ? "the job has no parameters"
                : "the job's parameters are: " + String.join(", ", parameters);
        return "@" + name + " is not defined" + NearestName.hint(name, parameters, defined);
    }
}
