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
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.device.PyTorchInternals;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.TorchScriptArchive;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.ScriptModule;
import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.model.tensor.Tensor;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenIds;
import io.modelbatch.training.objective.EvaluationPass;
import io.modelbatch.training.objective.TrainingPass;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A model whose weights can change, as the engine holds it. */
final class TrainableModel implements EvaluationPass, AutoCloseable {
    private static final int TOKENS_OF_AN_ANSWER = 4_096;

    private final Model model;
    private final int padId;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();

    private TrainableModel(Model model, int padId) {
        this.model = model;
        this.padId = padId;
    }

    /**
     * Loads a model.
     *
     * @param weights a tensor for each of the model's, by name
     * @param device the device that computes
     * @param work a folder for the archive
     */
    static TrainableModel load(TaskModel start, Map<String, Tensor> weights, ComputeDevice device, Path work)
            throws IOException {
        Path archive = work.resolve("training.pt");
        TorchScriptArchive.write(archive, module(start, weights));
        TrainableModel trainable = new TrainableModel(
                Model.newInstance("training", ComputeEngine.start().device(device), ComputeEngine.NAME),
                start.config().padTokenId());
        try {
            trainable.model.load(archive, null, Map.of("trainParam", "true", "mapLocation", "true"));
            PyTorchInternals.enableTraining(trainable.model);
            start.weights().forEach(weight -> trainable.find(weight.name()));
            return trainable;
        } catch (MalformedModelException e) {
            trainable.close();
            throw new IllegalStateException(e);
        } catch (IOException | RuntimeException e) {
            trainable.close();
            throw e;
        }
    }

    private static ScriptModule module(TaskModel start, Map<String, Tensor> weights) {
        ScriptModule module = start.script(new ArchiveVariant.Training(Dtype.FLOAT32));
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

    /** The current weights. */
    List<Tensor> weights() {
        return parameters.entrySet().stream()
                .map(parameter -> NativeTensor.of(parameter.getKey(), parameter.getValue()))
                .toList();
    }

    /**
     * Computes a loss with dropout, and adds its gradients.
     *
     * @param loss the loss, one number
     * @param seed of the dropout and of other random numbers
     * @return the loss
     */
    float learn(Function<TrainingPass, NDArray> loss, int seed) {
        Engine engine = Engine.getEngine(ComputeEngine.NAME);
        engine.setRandomSeed(seed);
        try (NDManager manager = model.getNDManager().newSubManager();
                GradientCollector gradients = engine.newGradientCollector()) {
            NDArray mean = loss.apply(new Pass(manager));
            gradients.backward(mean);
            return mean.getFloat();
        }
    }

    private final class Pass implements TrainingPass {
        private final NDManager manager;

        Pass(NDManager manager) {
            this.manager = manager;
        }

        @Override
        public NDArray outputs(List<TokenIds> texts) {
            return forward(batch(texts), manager, Mode.LEARNING);
        }

        @Override
        public NDManager manager() {
            return manager;
        }
    }

    @Override
    public void forEachBatch(List<TokenIds> texts, BiConsumer<List<Integer>, NDArray> visitor) {
        for (TokenBatch batch : new TokenBatcher(padId).pack(texts, () -> TOKENS_OF_AN_ANSWER)) {
            try (NDManager pass = model.getNDManager().newSubManager()) {
                visitor.accept(batch.indices(), forward(batch, pass, Mode.ANSWERING));
            }
        }
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

    private TokenBatch batch(List<TokenIds> texts) {
        return new TokenBatch(texts, IntStream.range(0, texts.size()).boxed().toList(), padId);
    }

    @Override
    public void close() {
        model.close();
    }
}
