package io.modelbatch.step.transfer;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.facts.Extracted;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.step.ExtractQuery;
import io.modelbatch.step.RowDemands;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.infer.StepPreviews;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Preview;
import io.modelbatch.warehouse.Warehouse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.batch.core.step.Step;

/** {@code extract}: pins a query's result for the steps that follow. */
final class ExtractSteps implements StepFactory<ExtractOptions> {
    private final StepKit kit;
    private final Warehouse warehouse;
    private final ModelRepository models;
    private final StepPreviews previews;

    ExtractSteps(StepKit kit, Warehouse warehouse, ModelRepository models, StepPreviews previews) {
        this.kit = kit;
        this.warehouse = warehouse;
        this.models = models;
        this.previews = previews;
    }

    @Override
    public Step create(JobStep<ExtractOptions> step) {
        return kit.single(step.name(), execution -> {
            PinnedInput input = warehouse.extract(ExtractQuery.of(
                    kit.uniqueRun(execution) + "-" + step.name(),
                    step,
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
                .map(rows -> RowDemands.on(step).problems(rows, this::learned))
                .orElse(List.of());
        if (!problems.isEmpty()) {
            throw new StepFailedException(String.join("\n", problems));
        }
        return preview.words();
    }

    /** The labels that a model has learned; empty if it cannot be read, which its own check reports. */
    private Optional<List<String>> learned(TrainOptions train) {
        List<String> labels = new ArrayList<>();
        try {
            models.verify(
                    train.model(),
                    model -> train.objective().learnedLabels(model).ifPresent(labels::addAll));
        } catch (ModelException | IOException e) {
            return Optional.empty();
        }
        return labels.isEmpty() ? Optional.empty() : Optional.of(labels);
    }
}
