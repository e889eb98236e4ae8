package io.modelbatch.training;

import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.token.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A classifier that learns from labelled examples: cross entropy, AdamW, dropout. What happens in a step depends on the plan and
 * the step's number alone, so a training that resumes from a checkpoint ends with the same weights, bit for bit, on the same kind
 * of machine with as many threads. For one thread.
 */
public final class FineTuning implements AutoCloseable {
    private final TaskModel classifier;
    private final TrainOptions options;
    private final List<Example> heldOut;
    private final TrainingBatches batches;
    private final TrainableModel model;
    private final Optimizer optimizer;
    private TrainingState state;

    private FineTuning(
            TaskModel classifier,
            TrainOptions options,
            List<Example> heldOut,
            TrainingBatches batches,
            TrainableModel model,
            Optimizer optimizer,
            TrainingState state) {
        this.classifier = classifier;
        this.options = options;
        this.heldOut = heldOut;
        this.batches = batches;
        this.model = model;
        this.optimizer = optimizer;
        this.state = state;
    }

    /**
     * Begins, or resumes from a checkpoint.
     *
     * @param work an empty folder, deleted by the caller after {@link #close}
     * @param checkpoint what {@link #save} wrote; empty to begin
     * @throws ModelException when the checkpoint is damaged or belongs to another plan
     */
    public static FineTuning open(
            TaskModel classifier, TrainOptions options, TrainingSet examples, Path work, Optional<Path> checkpoint)
            throws IOException {
        ExampleOrder order = ExampleOrder.shuffled(new Seeds(options.seed()));
        return open(classifier, options, examples, order, work, checkpoint);
    }

    static FineTuning open(
            TaskModel classifier,
            TrainOptions options,
            TrainingSet examples,
            ExampleOrder order,
            Path work,
            Optional<Path> checkpoint)
            throws IOException {
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false"); // its tensors cannot be saved for backward
        ComputeEngine.start();
        ComputeEngine.useThreads(ComputeEngine.processors());
        TrainingBatches batches = new TrainingBatches(examples.training(), order, options);
        Checkpoint from = Checkpoint.beginning(classifier.weights(), examples.fingerprint(classifier, options));
        if (checkpoint.isPresent()) {
            from = Checkpoint.open(checkpoint.get(), from, batches.steps());
        }
        TrainableModel model = TrainableModel.load(classifier, from.weights(), work);
        try {
            Optimizer optimizer = Optimizer.create(work, options, model.parameters(), from);
            return new FineTuning(classifier, options, examples.heldOut(), batches, model, optimizer, from.state());
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** Optimizer steps of the whole training. */
    public long steps() {
        return batches.steps();
    }

    /** Optimizer steps done. */
    public long step() {
        return state.step();
    }

    /** Examples seen so far, each as often as it was. */
    public long examplesSeen() {
        return batches.before(step());
    }

    /** The epochs that are done. */
    public List<Epoch> epochs() {
        return state.epochs();
    }

    /**
     * Learns up to a step, or until it is told to stop.
     *
     * @param stop asked between steps
     * @param progress told after each step
     * @throws ModelException when the training diverges: a loss, a gradient or an answer is no finite number
     */
    public void train(long until, BooleanSupplier stop, Consumer<StepResult> progress) {
        LearningRate rate = new LearningRate(options, steps());
        while (step() < until && !stop.getAsBoolean()) {
            StepResult result = step(rate.at(step()));
            state = next(result);
            progress.accept(result);
        }
    }

    /** Writes all that a resume needs into an empty folder. */
    public void save(Path folder) throws IOException {
        Checkpoint.of(model.weights(), optimizer.memory(), state).save(folder);
    }

    /** Writes the model as a Hugging Face directory into an empty folder. */
    public void export(Path folder) throws IOException {
        classifier.save(folder, model.weights());
    }

    @Override
    public void close() {
        optimizer.close();
        model.close();
    }

    private StepResult step(double rate) {
        long number = step();
        float loss = model.learn(batches.of(number), new Seeds(options.seed()).ofStep(number));
        requireFinite("loss", loss, number + 1);
        float norm = optimizer.step(rate);
        requireFinite("gradients' norm", norm, number + 1);
        int epoch = (int) (number / batches.stepsPerEpoch()) + 1;
        return new StepResult(epoch, number + 1, steps(), loss, norm, rate);
    }

    /** What is no number stays none in every later step: no answer of such a model means anything. */
    private void requireFinite(String name, float value, long step) {
        if (!Float.isFinite(value)) {
            throw new ModelException("Step " + step + " of " + steps() + ": the " + name + " is " + value
                    + ", the training diverged; lower learning-rate (" + options.learningRate()
                    + ") and start a new run with again=true");
        }
    }

    private TrainingState next(StepResult result) {
        double loss = state.loss() + result.loss();
        if (result.step() % batches.stepsPerEpoch() != 0) {
            return new TrainingState(state.plan(), result.step(), loss, epochs());
        }
        List<Epoch> epochs = new ArrayList<>(epochs());
        epochs.add(new Epoch(result.epoch(), loss / batches.stepsPerEpoch(), accuracy(result.step())));
        return new TrainingState(state.plan(), result.step(), 0, epochs);
    }

    /** On the held-out examples, after a step. */
    private double accuracy(long step) {
        float[][] logits = answer(heldOut.stream().map(Example::tokens).toList());
        int right = 0;
        for (int i = 0; i < logits.length; i++) {
            for (float logit : logits[i]) {
                requireFinite("answer to a held-out row", logit, step);
            }
            right += best(logits[i]) == heldOut.get(i).label() ? 1 : 0;
        }
        return heldOut.isEmpty() ? Double.NaN : (double) right / heldOut.size();
    }

    /** The logits that the model gives texts by now, without dropout. */
    float[][] answer(List<TokenIds> texts) {
        return model.answer(texts);
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int label = 1; label < logits.length; label++) {
            best = logits[label] > logits[best] ? label : best;
        }
        return best;
    }
}
