package io.modelbatch.step.transfer;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.facts.Extracted;
import io.modelbatch.step.ExtractQuery;
import io.modelbatch.step.RowDemands;
import io.modelbatch.step.StepFactories;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.infer.StepPreviews;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Preview;
import io.modelbatch.warehouse.Warehouse;
import java.util.List;
import java.util.Map;
import org.springframework.batch.core.step.Step;

/** {@code extract}: pins a query's result for the steps that follow. */
final class ExtractSteps implements StepFactory<ExtractOptions> {
    private final StepKit kit;
    private final Warehouse warehouse;
    private final StepPreviews previews;
    private final StepTypes types;
    private final StepFactories factories;

    ExtractSteps(StepKit kit, Warehouse warehouse, StepPreviews previews, StepTypes types, StepFactories factories) {
        this.kit = kit;
        this.warehouse = warehouse;
        this.previews = previews;
        this.types = types;
        this.factories = factories;
    }

    @Override
    public Step create(JobStep<ExtractOptions> step) {
        return kit.single(step.name(), execution -> {
            PinnedInput input = warehouse
                    .stoppedBy(kit.run(execution).stop()::requested)
                    .extract(ExtractQuery.of(
                            kit.uniqueRun(execution) + "-" + step.name(),
                            step,
                            types,
                            Map.of("job", step.job(), "run", StepKit.runName(execution))));
            kit.outputs().put(execution.getExecutionContext(), input);
            execution.setReadCount(input.totalRows());
            execution.setWriteCount(input.totalRows());
            kit.result(
                    execution,
                    new Extracted(
                            input.totalRows(),
                            input.rows().size(),
                            warehouse.bytesRead(input).orElse(null)));
        });
    }

    @Override
    public List<Check> checks(JobStep<ExtractOptions> step) {
        return List.of(Check.of(step, "query", () -> verify(step)));
    }

    private String verify(JobStep<ExtractOptions> step) throws Exception {
        Preview preview = previews.query(step);
        List<String> problems = preview.rows()
                .map(rows -> new RowDemands(types, step).problems(rows, factories))
                .orElse(List.of());
        if (!problems.isEmpty()) {
            throw new StepFailedException(String.join("\n", problems));
        }
        return preview.words();
    }
}
