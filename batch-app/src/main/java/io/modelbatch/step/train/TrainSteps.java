package io.modelbatch.step.train;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.step.CommonChecks;
import io.modelbatch.step.RowCounts;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.training.TrainingTask;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.Preview;
import io.modelbatch.warehouse.Warehouse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/** {@code train}: fine-tunes a model. A chunk is a stretch of optimizer steps, and its commit a checkpoint. */
final class TrainSteps implements StepFactory<TrainOptions> {
    private static final Logger log = LoggerFactory.getLogger(TrainSteps.class);

    private final StepKit kit;
    private final Warehouse warehouse;
    private final ObjectStore store;
    private final ModelRepository models;

    TrainSteps(StepKit kit, Warehouse warehouse, ObjectStore store, ModelRepository models) {
        this.kit = kit;
        this.warehouse = warehouse;
        this.store = store;
        this.models = models;
    }

    @Override
    public Step create(JobStep<TrainOptions> step) {
        String extract = step.before(ExtractOptions.class).name();
        RowCounts counts = new RowCounts();
        TrainingItemStream training = new TrainingItemStream(
                kit, warehouse, new TrainingStore(store), models, step.options(), extract, counts);
        return kit.<TrainingItemStream.Stretch, TrainingItemStream.Stretch>blocks(step.name(), counts)
                .reader(training)
                .processor(training)
                .writer(training)
                .listener(training)
                .build();
    }

    @Override
    public List<Check> checks(JobStep<TrainOptions> step) {
        return List.of(
                Check.of(step, "model " + step.options().model(), () -> verify(step.options())),
                CommonChecks.writable(store, kit.folder().root()),
                CommonChecks.trainingDevice(step.options().device()));
    }

    @Override
    public List<String> rowProblems(JobStep<TrainOptions> step, Preview.Rows rows) {
        return new TrainingDemands(models, step).problems(rows);
    }

    @Override
    public Set<String> adjustable() {
        return Set.of("device");
    }

    /** That the model is there and can learn, and that its tokenizer can be used as the step says. */
    private String verify(TrainOptions options) throws IOException {
        return models.verify(
                options.model(),
                model -> TrainingTask.tokenizer(model.directory(), model.config(), options.data())
                        .close());
    }

    /** The checkpoints, with their optimizers; the trained model stays. */
    @Override
    public void removeLeftovers(JobStep<TrainOptions> step, JobExecution complete) {
        kit.verifyOwner(complete);
        StepExecution last = kit.repository().getLastStepExecution(complete.getJobInstance(), step.name());
        if (last != null) {
            kit.outputs().find(last, TrainedModel.class).ifPresent(trained -> keepOnly(trained, kit.folder(last)));
        }
    }

    private void keepOnly(TrainedModel trained, ObjectUri folder) {
        try {
            new TrainingStore(store).keepOnly(folder, List.of(ObjectUri.parse(trained.model())));
        } catch (IOException e) {
            log.warn("The checkpoints in {} could not be removed; prune removes them with their run", folder, e);
        }
    }
}
