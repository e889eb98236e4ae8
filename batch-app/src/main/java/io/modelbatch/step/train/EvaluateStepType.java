package io.modelbatch.step.train;

import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.step.StepKit;
import io.modelbatch.training.EvaluateOptions;
import io.modelbatch.warehouse.Warehouse;
import java.util.List;
import java.util.Optional;

/** {@code evaluate}: measures a trained model. */
public final class EvaluateStepType implements StepType<EvaluateOptions> {
    static final String KEY = "evaluate";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Class<EvaluateOptions> options() {
        return EvaluateOptions.class;
    }

    @Override
    public String description() {
        return "metrics of the trained model";
    }

    @Override
    public Optional<String> needs() {
        return Optional.of(TrainStepType.KEY);
    }

    @Override
    public List<StepResult> results() {
        return List.of(
                new StepResult("rows", "rows that were held out"),
                new StepResult("accuracy", "share of them that is labelled correctly"),
                new StepResult("f1-macro", "mean of the labels' F1"));
    }

    @Override
    public StepFactory<EvaluateOptions> factory(StepServices services) {
        return new EvaluateSteps(
                services.get(StepKit.class), services.get(Warehouse.class), services.get(ModelRepository.class));
    }
}
