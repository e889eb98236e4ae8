package io.modelbatch.training;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.device.PyTorchInternals;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.TorchScriptArchive;
import io.modelbatch.model.architecture.ArchiveVariant;
import io.modelbatch.model.architecture.ScriptModule;
import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.model.tensor.Tensor;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A classifier whose weights can change, as the engine holds it. */
final class TrainableModel implements AutoCloseable {
    private static final int TOKENS_OF_AN_ANSWER = 4_096;

    private final Model model;
    private final int padId;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();

    private TrainableModel(Model model, int padId) {
        this.model = model;
        this.padId = padId;
    }

    /**
     * Loads a classifier.
     *
     * @param weights a tensor for each of the classifier's, by name
     * @param work a folder for the archive
     */
    static TrainableModel load(TaskModel classifier, Map<String, Tensor> weights, Path work) throws IOException {
        Path archive = work.resolve("training.pt");
        TorchScriptArchive.write(archive, module(classifier, weights));
        TrainableModel trainable = new TrainableModel(
                Model.newInstance("training", ComputeEngine.NAME),
                classifier.config().padTokenId());
        try {
            trainable.model.load(archive, null, Map.of("trainParam", "true"));
            PyTorchInternals.enableTraining(trainable.model);
            classifier.weights().forEach(weight -> trainable.find(weight.name()));
            return trainable;
        } catch (MalformedModelException e) {
            trainable.close();
            throw new IllegalStateException(e);
        } catch (IOException | RuntimeException e) {
            trainable.close();
            throw e;
        }
    }

    private static ScriptModule module(TaskModel classifier, Map<String, Tensor> weights) {
        ScriptModule module = classifier.script(new ArchiveVariant.Training(Dtype.FLOAT32));
        List<Tensor> tensors = module.tensors().stream()
                .map(tensor -> weights.getOrDefault(tensor.name(), tensor))
                .toList();
        return new ScriptModule(
                module.className(), module.source(), module.dtype(), module.gradients(), tensors, module.flags());
    }

    private void find(String name) {
        parameters.put(name, model.getBlock().getParameters().get(name).getArray());
    }

    /** The arrays that are learned, by Hugging Face's names. */
    Map<String, NDArray> parameters() {
        return parameters;
    }

    /** What was learned so far. */
    List<Tensor> weights() {
        return parameters.entrySet().stream()
                .map(parameter -> NativeTensor.of(parameter.getKey(), parameter.getValue()))
                .toList();
    }

    /** Adds the gradients of the examples' mean cross entropy, with dropout. Returns that mean. */
    float learn(List<Example> examples, int seed) {
        Engine engine = Engine.getEngine(ComputeEngine.NAME);
        engine.setRandomSeed(seed);
        try (NDManager pass = model.getNDManager().newSubManager();
                GradientCollector gradients = engine.newGradientCollector()) {
            NDArray labels =
                    pass.create(examples.stream().mapToLong(Example::label).toArray());
            NDArray logits = forward(batch(examples), pass, Mode.LEARNING);
            NDArray mean = Loss.softmaxCrossEntropyLoss().evaluate(new NDList(labels), new NDList(logits));
            gradients.backward(mean);
            return mean.getFloat();
        }
    }

    /** The logits of texts, without dropout. */
    float[][] answer(List<TokenIds> texts) {
        float[][] answers = new float[texts.size()][];
        for (TokenBatch batch : new TokenBatcher(padId).pack(texts, () -> TOKENS_OF_AN_ANSWER)) {
            try (NDManager pass = model.getNDManager().newSubManager()) {
                NDArray logits = forward(batch, pass, Mode.ANSWERING);
                int labels = (int) logits.getShape().get(1);
                float[] all = logits.toFloatArray();
                for (int i = 0; i < batch.indices().size(); i++) {
                    answers[batch.indices().get(i)] = Arrays.copyOfRange(all, i * labels, (i + 1) * labels);
                }
            }
        }
        return answers;
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

    private TokenBatch batch(List<Example> examples) {
        return new TokenBatch(
                examples.stream().map(Example::tokens).toList(),
                IntStream.range(0, examples.size()).boxed().toList(),
                padId);
    }

    @Override
    public void close() {
        model.close();
    }
}
