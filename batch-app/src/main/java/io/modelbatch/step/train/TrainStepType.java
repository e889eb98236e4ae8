package io.modelbatch.step.train;

import io.modelbatch.extension.ColumnUse;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.training.objective.LearnedColumn;
import io.modelbatch.warehouse.Extraction.Use.Variety;
import io.modelbatch.warehouse.Warehouse;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code train}: fine-tunes a model. */
public final class TrainStepType implements StepType<TrainOptions> {
    static final String KEY = "train";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Class<TrainOptions> options() {
        return TrainOptions.class;
    }

    @Override
    public String description() {
        return "a model that learns from the rows";
    }

    @Override
    public Optional<String> needs() {
        return Optional.of("extract");
    }

    @Override
    public List<ColumnUse> reads(TrainOptions options) {
        return options.objective().columns().stream()
                .map(column -> new ColumnUse(column.option(), column.name(), variety(column)))
                .toList();
    }

    private static Variety variety(LearnedColumn column) {
        return switch (column.values()) {
            case TEXT -> Variety.ANY;
            case LABEL -> Variety.FEW;
        };
    }

    @Override
    public List<StepResult> results() {
        return List.of(
                new StepResult("uri", "folder of the trained model"),
                new StepResult("epochs", "passes over the rows"),
                new StepResult("loss", "mean loss of the last epoch"));
    }

    @Override
    public Set<String> knownAtStart() {
        return Set.of("text", "text-pair", "label");
    }

    @Override
    public StepFactory<TrainOptions> factory(StepServices services) {
        return new TrainSteps(
                services.get(StepKit.class),
                services.get(Warehouse.class),
                services.get(ObjectStore.class),
                services.get(ModelRepository.class));
    }
}
