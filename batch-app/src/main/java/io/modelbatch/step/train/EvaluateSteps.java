package io.modelbatch.step.train;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.facts.Evaluated;
import io.modelbatch.inference.Answers;
import io.modelbatch.inference.TextModel;
import io.modelbatch.inference.TextModelOptions;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.Task;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.Precision;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepKit;
import io.modelbatch.training.Baselines;
import io.modelbatch.training.EvaluateOptions;
import io.modelbatch.training.Evaluation;
import io.modelbatch.training.TrainOptions;
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

/** {@code evaluate}: how well a trained model labels the rows that it never saw, beside what can be had without a model. */
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
        TrainOptions trainOptions = (TrainOptions) train.options();
        String extract = step.before(train, ExtractOptions.class).name();
        return kit.single(step.name(), execution -> {
            PinnedInput input = kit.outputs().of(execution, extract, PinnedInput.class);
            TrainedModel trained = kit.outputs().of(execution, train.name(), TrainedModel.class);
            TaskModel classifier = trained.open(models).forTask(Task.TEXT_CLASSIFICATION);
            LabelledRows rows = LabelledRows.read(
                    warehouse,
                    input,
                    trainOptions,
                    Optional.of(classifier.config().labels()));
            List<Integer> truth = rows.truth(rows.heldOut());
            Evaluation evaluation = Evaluation.of(rows.labels(), truth, labels(classifier, rows, trainOptions));
            execution.setReadCount(truth.size());
            execution.setWriteCount(truth.size());
            kit.outputs()
                    .put(
                            execution.getExecutionContext(),
                            new EvaluationOutput(
                                    Map.of("accuracy", evaluation.accuracy(), "f1-macro", evaluation.f1Macro())));
            kit.result(execution, facts(evaluation, rows, truth));
        });
    }

    private List<Integer> labels(TaskModel classifier, LabelledRows rows, TrainOptions options)
            throws IOException, JobInterruptedException {
        List<@Nullable String> texts = new ArrayList<>(rows.texts(rows.heldOut()));
        List<@Nullable String> pairs = new ArrayList<>();
        rows.heldOut().forEach(row -> pairs.add(row.pair()));
        ComputeEngine engine = ComputeEngine.start();
        TextModelOptions how = TextModelOptions.on(ComputeDevice.CPU).withMaxLength(options.longest());
        try (TextModel model = TextModel.open(classifier, models, engine, Precision.FLOAT32, how)) {
            Answers answers = model.submit(texts, options.textPair() == null ? Optional.empty() : Optional.of(pairs))
                    .await(kit.stop()::requested)
                    .orElseThrow(() -> new JobInterruptedException("stopped on request"));
            answers.rejected().forEach((row, reason) -> {
                throw new StepFailedException(
                        "The held-out row with the text '" + texts.get(row) + "' " + reason
                                + "; fix it, or leave such rows out in the query of 'extract', and start a new run with again=true");
            });
            return answers.values().get(0).stream()
                    .map(label -> rows.labels().indexOf(String.valueOf(label)))
                    .toList();
        }
    }

    private static Evaluated facts(Evaluation evaluation, LabelledRows rows, List<Integer> truth) {
        Baselines baselines =
                new Baselines(rows.labels().size(), rows.texts(rows.training()), rows.truth(rows.training()));
        List<Integer> majority = truth.stream().map(row -> baselines.majority()).toList();
        List<Integer> words = rows.heldOut().stream()
                .map(row -> baselines.bagOfWords(row.text()))
                .toList();
        return new Evaluated(
                truth.size(),
                evaluation.accuracy(),
                Evaluation.of(rows.labels(), truth, majority).accuracy(),
                Evaluation.of(rows.labels(), truth, words).accuracy(),
                evaluation.f1Macro(),
                evaluation.labels(),
                evaluation.confusion());
    }
}
