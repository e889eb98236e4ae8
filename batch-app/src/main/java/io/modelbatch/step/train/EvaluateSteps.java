package io.modelbatch.step.train;

import com.google.common.collect.Maps;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.inference.Answers;
import io.modelbatch.inference.InferenceEngines;
import io.modelbatch.inference.TextModel;
import io.modelbatch.inference.TextModelOptions;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.script.Precision;
import io.modelbatch.result.Column;
import io.modelbatch.run.StopRequest;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepKit;
import io.modelbatch.training.EvaluateOptions;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.training.objective.Evaluation;
import io.modelbatch.training.objective.Objective;
import io.modelbatch.training.objective.Questions;
import io.modelbatch.training.objective.SplitRows;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Warehouse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.Step;

/**
 * {@code evaluate}: the metrics of a trained model on the rows that were held out. The model runs as in {@code infer}, on the device of
 * {@code train}; the {@link Objective} says what it is asked, and compares the answers.
 */
final class EvaluateSteps implements StepFactory<EvaluateOptions> {
    private final StepKit kit;
    private final Warehouse warehouse;
    private final ModelRepository models;

    EvaluateSteps(StepKit kit, Warehouse warehouse, ModelRepository models) {
        this.kit = kit;
        this.warehouse = warehouse;
        this.models = models;
    }

    @Override
    public Step create(JobStep<EvaluateOptions> step) {
        StepSpec train = step.before(TrainOptions.class);
        TrainOptions options = (TrainOptions) train.options();
        Objective<?> objective = options.objective();
        String extract = step.before(train, ExtractOptions.class).name();
        return kit.single(step.name(), execution -> {
            PinnedInput input = kit.outputs().of(execution, extract, PinnedInput.class);
            StopRequest stop = kit.run(execution).stop();
            TrainedModel trained = kit.outputs().of(execution, train.name(), TrainedModel.class);
            TaskModel model = trained.open(models).forTask(objective.task());
            SplitRows rows = TrainingRows.read(warehouse.stoppedBy(stop::requested), input, options);
            Map<String, List<@Nullable Object>> answers =
                    answers(model, objective.questions(rows.heldOut()), options, stop);
            Evaluation evaluation = objective.evaluate(model, rows, answers);
            execution.setReadCount(rows.heldOut().size());
            execution.setWriteCount(rows.heldOut().size());
            kit.outputs().put(execution.getExecutionContext(), EvaluationOutput.of(evaluation.metrics()));
            kit.result(execution, evaluation.facts());
        });
    }

    private Map<String, List<@Nullable Object>> answers(
            TaskModel trained, Questions questions, TrainOptions options, StopRequest stop)
            throws IOException, JobInterruptedException {
        InferenceEngines engines = InferenceEngines.pyTorch();
        ComputeDevice[] devices = engines.devices(options.device()).toArray(ComputeDevice[]::new);
        TextModelOptions how =
                TextModelOptions.on(devices).withMaxLength(options.data().longest());
        Optional<List<@Nullable String>> pairs = questions.pairs().map(ArrayList::new);
        try (TextModel model = TextModel.open(trained, models, engines, Precision.FLOAT32, how)) {
            Answers answers = model.submit(new ArrayList<>(questions.texts()), pairs)
                    .await(stop::requested)
                    .orElseThrow(() -> new JobInterruptedException("stopped on request"));
            answers.rejected().forEach((row, reason) -> {
                throw new StepFailedException(
                        "The held-out row with the text '"
                                + questions.texts().get(row) + "' " + reason
                                + "; fix it, or leave such rows out in the query of 'extract', and start a new run with again=true");
            });
            return Maps.transformValues(answers.columns(), Column::asList);
        }
    }
}
