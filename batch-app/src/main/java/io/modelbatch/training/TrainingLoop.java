package io.modelbatch.training;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.device.DeviceException;
import io.modelbatch.facts.Trained;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.Tensor;
import io.modelbatch.training.objective.EvaluationPass;
import io.modelbatch.training.objective.Example;
import io.modelbatch.training.objective.MetricValues;
import io.modelbatch.training.optimizer.LearningRate;
import io.modelbatch.training.optimizer.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Trains a model: batches, forward and backward passes, optimizer steps, and measurements after each epoch. What is learned is decided by the
 * {@link io.modelbatch.training.objective.Objective}, whose Javadoc says what the loop promises to it. A step depends on the plan and the
 * number of the step alone. So a training that resumes from a checkpoint ends with the same weights, bit for bit, on the same kind of
 * processor with as many threads. For one thread.
 *
 * @param <E> the examples
 */
public final class TrainingLoop<E extends Example> implements AutoCloseable {
    private final TrainingTask<E> task;
    private final TrainOptions options;
    private final TrainingBatches<E> batches;
    private final TrainableModel model;
    private final Optimizer optimizer;
    private TrainingState state;

    private TrainingLoop(
            TrainingTask<E> task,
            TrainOptions options,
            TrainingBatches<E> batches,
            TrainableModel model,
            Optimizer optimizer,
            TrainingState state) {
        this.task = task;
        this.options = options;
        this.batches = batches;
        this.model = model;
        this.optimizer = optimizer;
        this.state = state;
    }

    /**
     * Begins, or resumes from a checkpoint.
     *
     * @param device the device that computes
     * @param work an empty folder, deleted by the caller after {@link #close}
     * @param checkpoint written by {@link #save}; empty to begin
     * @throws ModelException when the checkpoint is damaged or belongs to another plan
     */
    public static <E extends Example> TrainingLoop<E> open(
            TrainingTask<E> task, TrainOptions options, ComputeDevice device, Path work, Optional<Path> checkpoint)
            throws IOException {
        ExampleOrder<E> order = ExampleOrder.shuffled(new Seeds(options.loop().seed()));
        return open(task, options, order, device, work, checkpoint);
    }

    static <E extends Example> TrainingLoop<E> open(
            TrainingTask<E> task,
            TrainOptions options,
            ExampleOrder<E> order,
            ComputeDevice device,
            Path work,
            Optional<Path> checkpoint)
            throws IOException {
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false"); // its tensors cannot be saved for backward
        ComputeEngine.start();
        ComputeEngine.useThreads(ComputeEngine.processors());
        TrainingBatches<E> batches = new TrainingBatches<>(task.examples().training(), order, options.loop());
        Checkpoint from = Checkpoint.beginning(task.model().weights(), task.plan(options));
        if (checkpoint.isPresent()) {
            from = Checkpoint.open(checkpoint.get(), from, batches.steps());
        }
        TrainableModel model = TrainableModel.load(task.model(), from.weights(), device, work);
        try {
            Optimizer optimizer = Optimizer.create(
                    work,
                    options.optimizer(),
                    device,
                    model.parameters(),
                    from.memory(),
                    from.state().step());
            return new TrainingLoop<>(task, options, batches, model, optimizer, from.state());
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
    public List<Trained.Epoch> epochs() {
        return state.epochs();
    }

    /** The loss and the learning rate so far, at most 200 points. */
    public List<Trained.Point> curve() {
        return state.losses().points();
    }

    /**
     * Trains up to a step, or until it is told to stop.
     *
     * @param stop asked between steps
     * @param progress told after each step
     * @throws ModelException when the training diverges: a loss, a gradient or an output is not a finite number
     * @throws DeviceException when a batch does not fit into memory
     */
    public void train(long until, BooleanSupplier stop, Consumer<StepResult> progress) {
        LearningRate rate = new LearningRate(options.schedule(), steps());
        while (step() < until && !stop.getAsBoolean()) {
            StepResult result = learn(rate.at(step()));
            progress.accept(result);
        }
    }

    /** Writes all that a resume needs into an empty folder. */
    public void save(Path folder) throws IOException {
        List<Tensor> memory = optimizer.memory().entrySet().stream()
                .map(array -> NativeTensor.of(array.getKey(), array.getValue()))
                .toList();
        Checkpoint.of(model.weights(), memory, state).save(folder);
    }

    /** Writes the model as a Hugging Face directory into an empty folder. */
    public void export(Path folder) throws IOException {
        task.model().save(folder, model.weights());
    }

    @Override
    public void close() {
        optimizer.close();
        model.close();
    }

    private StepResult learn(double rate) {
        try {
            StepResult result = step(rate);
            state = next(result);
            return result;
        } catch (EngineException e) {
            if (ComputeEngine.isOutOfMemory(e)) {
                throw new DeviceException(
                        "Step " + (step() + 1) + " of " + steps() + ": the batch does not fit into memory; lower"
                                + " per-device-train-batch-size ("
                                + options.loop().perDeviceTrainBatchSize()
                                + ") or max-length, and start a new run with again=true",
                        e);
            }
            throw e;
        }
    }

    private StepResult step(double rate) {
        long number = step();
        float loss = model.learn(
                pass -> task.objective().loss(pass, batches.of(number)),
                new Seeds(options.loop().seed()).ofStep(number));
        requireFinite("loss", loss, number + 1);
        float norm = optimizer.step(rate);
        requireFinite("gradients' norm", norm, number + 1);
        int epoch = (int) (number / batches.stepsPerEpoch()) + 1;
        return new StepResult(epoch, number + 1, steps(), loss, norm, rate);
    }

    /** NaN stays NaN in every later step, and no answer of such a model means anything. */
    private void requireFinite(String name, float value, long step) {
        if (!Float.isFinite(value)) {
            throw new ModelException("Step " + step + " of " + steps() + ": the " + name + " is " + value
                    + ", the training diverged; lower learning-rate ("
                    + options.schedule().learningRate() + ") and start a new run with again=true");
        }
    }

    private TrainingState next(StepResult result) {
        double loss = state.loss() + result.loss();
        Curve curve = state.losses().plus(result);
        if (result.step() % batches.stepsPerEpoch() != 0) {
            return new TrainingState(state.plan(), result.step(), loss, epochs(), curve);
        }
        List<Trained.Epoch> epochs = new ArrayList<>(epochs());
        epochs.add(new Trained.Epoch(result.epoch(), loss / batches.stepsPerEpoch(), measured(result.step())));
        return new TrainingState(state.plan(), result.step(), 0, epochs, curve);
    }

    /** On the held-out examples, after a step. */
    private Map<String, Double> measured(long step) {
        return new MetricValues(task.objective()
                        .measure(evaluation(step), task.examples().heldOut()))
                .byName();
    }

    /** The model as it is after a step. */
    EvaluationPass evaluation(long step) {
        return (texts, batch) -> model.forEachBatch(texts, finite(step, batch));
    }

    private BiConsumer<List<Integer>, NDArray> finite(long step, BiConsumer<List<Integer>, NDArray> batch) {
        return (positions, outputs) -> {
            requireFinite("answer to a held-out row", outputs.abs().max().getFloat(), step);
            batch.accept(positions, outputs);
        };
    }
}
