package io.modelbatch.training;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.ArchiveVariant;
import io.modelbatch.model.Dtype;
import io.modelbatch.model.ModelException;
import io.modelbatch.model.Safetensors;
import io.modelbatch.model.SafetensorsWriter;
import io.modelbatch.model.ScriptModule;
import io.modelbatch.model.SequenceClassifier;
import io.modelbatch.model.Tensor;
import io.modelbatch.model.TorchScriptArchive;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A classifier that learns from labelled examples: cross entropy, AdamW, dropout. What happens in a step depends on the plan and
 * the step's number alone, so a training that goes on from a checkpoint ends with the same weights, bit for bit, on the same kind
 * of machine with as many threads. For one thread.
 */
public final class FineTuning implements AutoCloseable {
    private static final String WEIGHTS = "model.safetensors";
    private static final String MEMORY = "optimizer.safetensors";
    private static final String STATE = "state.json";
    private static final int EVALUATION_TOKENS = 4_096;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SequenceClassifier classifier;
    private final TrainOptions options;
    private final TrainingSet examples;
    private final Model model;
    private final Map<String, NDArray> parameters;
    private final Optimizer optimizer;
    private TrainingState state;
    private long orderedEpoch = -1;
    private List<Example> order = List.of();

    private FineTuning(
            SequenceClassifier classifier,
            TrainOptions options,
            TrainingSet examples,
            Model model,
            Optimizer optimizer,
            TrainingState state) {
        this.classifier = classifier;
        this.options = options;
        this.examples = examples;
        this.model = model;
        this.parameters = parameters(model, classifier);
        this.optimizer = optimizer;
        this.state = state;
    }

    /**
     * Begins, or goes on from a checkpoint.
     *
     * @param work an empty folder, deleted by the caller after {@link #close}
     * @param checkpoint what {@link #save} wrote; empty to begin
     * @throws ModelException when the checkpoint is damaged or belongs to another plan
     */
    public static FineTuning open(
            SequenceClassifier classifier,
            TrainOptions options,
            TrainingSet examples,
            Path work,
            Optional<Path> checkpoint)
            throws IOException {
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false"); // its tensors cannot be saved for backward
        ComputeEngine.start(ComputeEngine.processors());
        String plan = examples.fingerprint(classifier, options);
        TrainingState state =
                checkpoint.isPresent() ? state(checkpoint.get(), plan) : new TrainingState(plan, 0, 0, List.of());
        Model model = load(module(classifier, checkpoint), work);
        Map<String, Tensor> memory = checkpoint.isPresent()
                ? Safetensors.open(checkpoint.get().resolve(MEMORY)).tensors()
                : Map.of();
        Optimizer optimizer = Optimizer.create(work, options, parameters(model, classifier), memory, state.step());
        return new FineTuning(classifier, options, examples, model, optimizer, state);
    }

    /** Optimizer steps of the whole training. */
    public long steps() {
        return stepsPerEpoch() * options.numTrainEpochs();
    }

    /** Optimizer steps done. */
    public long step() {
        return state.step();
    }

    /** Examples seen so far, each as often as it was. */
    public long examplesSeen() {
        long inEpoch = (step() % stepsPerEpoch()) * options.perDeviceTrainBatchSize();
        return step() / stepsPerEpoch() * examples.training().size() + inEpoch;
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
     */
    public void train(long until, BooleanSupplier stop, Consumer<StepResult> progress) {
        LearningRate rate = new LearningRate(options, steps());
        JniUtils.enableTrainingMode((PtSymbolBlock) model.getBlock());
        while (state.step() < until && !stop.getAsBoolean()) {
            StepResult result = step(rate.at(state.step()));
            state = next(result);
            progress.accept(result);
        }
    }

    /** Writes all that is needed to go on into an empty folder. */
    public void save(Path folder) throws IOException {
        SafetensorsWriter.write(folder.resolve(WEIGHTS), weights());
        SafetensorsWriter.write(folder.resolve(MEMORY), optimizer.memory());
        Files.write(folder.resolve(STATE), JSON.writeValueAsBytes(state));
    }

    /** Writes the model as a Hugging Face directory into an empty folder. */
    public void export(Path folder) throws IOException {
        classifier.save(folder, weights());
    }

    @Override
    public void close() {
        optimizer.close();
        model.close();
    }

    private StepResult step(double rate) {
        long number = state.step();
        Engine.getEngine(ComputeEngine.NAME).setRandomSeed(seed(number));
        List<Example> batch = batch(number);
        try (NDManager pass = model.getNDManager().newSubManager()) {
            NDArray labels =
                    pass.create(batch.stream().mapToLong(Example::label).toArray());
            float loss;
            try (GradientCollector gradients =
                    Engine.getEngine(ComputeEngine.NAME).newGradientCollector()) {
                NDArray logits = forward(tokens(batch), pass, Mode.LEARNING);
                NDArray mean = Loss.softmaxCrossEntropyLoss().evaluate(new NDList(labels), new NDList(logits));
                gradients.backward(mean);
                loss = mean.getFloat();
            }
            float norm = optimizer.step(rate);
            int epoch = (int) (number / stepsPerEpoch()) + 1;
            return new StepResult(epoch, number + 1, steps(), loss, norm, rate);
        }
    }

    private TrainingState next(StepResult result) {
        double loss = state.loss() + result.loss();
        if (result.step() % stepsPerEpoch() != 0) {
            return new TrainingState(state.plan(), result.step(), loss, state.epochs());
        }
        List<Epoch> epochs = new ArrayList<>(state.epochs());
        epochs.add(new Epoch(result.epoch(), loss / stepsPerEpoch(), accuracy()));
        return new TrainingState(state.plan(), result.step(), 0, epochs);
    }

    /** On the held-out examples, without dropout. */
    private double accuracy() {
        JniUtils.enableInferenceMode((PtSymbolBlock) model.getBlock());
        List<Example> heldOut = examples.heldOut();
        List<TokenIds> tokens = heldOut.stream().map(Example::tokens).toList();
        int right = 0;
        for (TokenBatch batch :
                new TokenBatcher(EVALUATION_TOKENS, classifier.config().padTokenId()).pack(tokens)) {
            try (NDManager pass = model.getNDManager().newSubManager()) {
                long[] best = forward(batch, pass, Mode.ANSWERING).argMax(1).toLongArray();
                for (int i = 0; i < best.length; i++) {
                    right += best[i] == heldOut.get(batch.indices().get(i)).label() ? 1 : 0;
                }
            }
        }
        JniUtils.enableTrainingMode((PtSymbolBlock) model.getBlock());
        return heldOut.isEmpty() ? Double.NaN : (double) right / heldOut.size();
    }

    private enum Mode {
        LEARNING,
        ANSWERING
    }

    private NDArray forward(TokenBatch batch, NDManager pass, Mode mode) {
        Shape shape = new Shape(batch.rows().size(), batch.width());
        NDList inputs = new NDList(
                pass.create(batch.ids(), shape), pass.create(batch.mask(), shape), pass.create(batch.types(), shape));
        return model.getBlock()
                .forward(new ParameterStore(pass, false), inputs, mode == Mode.LEARNING)
                .singletonOrThrow();
    }

    private TokenBatch tokens(List<Example> batch) {
        List<TokenIds> rows = batch.stream().map(Example::tokens).toList();
        return new TokenBatch(
                rows,
                IntStream.range(0, rows.size()).boxed().toList(),
                classifier.config().padTokenId());
    }

    /** The examples of a step: those of its place in the order of its epoch. */
    private List<Example> batch(long step) {
        long epoch = step / stepsPerEpoch();
        if (epoch != orderedEpoch) {
            order = new ArrayList<>(examples.training());
            Collections.shuffle(order, new Random(seed(-1 - epoch)));
            orderedEpoch = epoch;
        }
        int from = (int) (step % stepsPerEpoch()) * options.perDeviceTrainBatchSize();
        return order.subList(from, Math.min(order.size(), from + options.perDeviceTrainBatchSize()));
    }

    /** A seed for each step, from 0, and for each epoch, from -1 down. */
    private int seed(long number) {
        return new SplittableRandom(options.seed() * 1_000_003 + number).nextInt();
    }

    private long stepsPerEpoch() {
        int batch = options.perDeviceTrainBatchSize();
        return (examples.training().size() + batch - 1) / batch;
    }

    private List<Tensor> weights() {
        return parameters.entrySet().stream()
                .map(parameter -> Arrays.tensor(parameter.getKey(), parameter.getValue()))
                .toList();
    }

    private static Map<String, NDArray> parameters(Model model, SequenceClassifier classifier) {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        for (Tensor weight : classifier.weights()) {
            parameters.put(
                    weight.name(),
                    model.getBlock().getParameters().get(weight.name()).getArray());
        }
        return parameters;
    }

    private static ScriptModule module(SequenceClassifier classifier, Optional<Path> checkpoint) throws IOException {
        ScriptModule module = classifier.script(new ArchiveVariant.Training(Dtype.FLOAT32));
        if (checkpoint.isEmpty()) {
            return module;
        }
        Map<String, Tensor> saved =
                Safetensors.open(checkpoint.get().resolve(WEIGHTS)).tensors();
        List<Tensor> tensors = new ArrayList<>();
        for (Tensor tensor : module.tensors()) {
            Tensor value = saved.get(tensor.name());
            if (value == null || !value.shape().equals(tensor.shape())) {
                throw new ModelException(checkpoint.get().resolve(WEIGHTS) + " has no tensor " + tensor.name()
                        + " of shape " + tensor.shape() + "; it is no checkpoint of this training");
            }
            tensors.add(value);
        }
        return new ScriptModule(module.className(), module.source(), module.dtype(), module.gradients(), tensors);
    }

    private static Model load(ScriptModule module, Path work) throws IOException {
        Path archive = work.resolve("training.pt");
        TorchScriptArchive.write(archive, module);
        Model model = Model.newInstance("training", ComputeEngine.NAME);
        try {
            model.load(archive, null, Map.of("trainParam", "true"));
            return model;
        } catch (MalformedModelException e) {
            model.close();
            throw new IllegalStateException(e);
        }
    }

    private static TrainingState state(Path checkpoint, String plan) throws IOException {
        Path file = checkpoint.resolve(STATE);
        try {
            TrainingState state = JSON.readValue(Files.readAllBytes(file), TrainingState.class);
            if (!state.plan().equals(plan)) {
                throw new ModelException(file + " belongs to a training with other options, rows or base model;"
                        + " again=true starts a new run");
            }
            return state;
        } catch (JacksonException e) {
            throw new ModelException(file + " is damaged: " + e.getOriginalMessage() + "; again=true starts a new run");
        }
    }
}
