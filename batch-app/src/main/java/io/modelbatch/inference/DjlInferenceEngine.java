package io.modelbatch.inference;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** PyTorch, through DJL. */
final class DjlInferenceEngine implements InferenceEngine {
    /** A first pass shows that the device can compute it, and packs the weights before threads share them. */
    private static final TokenBatch FIRST =
            new TokenBatch(List.of(new TokenIds(new int[] {0}, new int[] {0})), List.of(0), 0);

    private final Model model;

    private DjlInferenceEngine(Model model) {
        this.model = model;
    }

    static InferenceEngine load(Path archive, ComputeEngine engine, ComputeDevice device) throws IOException {
        Model model = Model.newInstance("classifier", engine.device(device), ComputeEngine.NAME);
        try {
            model.load(archive, null, Map.of("mapLocation", "true"));
            DjlInferenceEngine loaded = new DjlInferenceEngine(model);
            loaded.run(FIRST);
            return loaded;
        } catch (MalformedModelException | EngineException | InferenceException e) {
            model.close();
            throw new InferenceException(archive + " cannot be loaded on " + device + ": " + e.getMessage(), e);
        }
    }

    @Override
    public float[][] run(TokenBatch batch) {
        int rows = batch.rows().size();
        Shape shape = new Shape(rows, batch.width());
        // Whatever a pass allocates goes with its manager; without one the process grows.
        try (NDManager manager = model.getNDManager().newSubManager()) {
            NDList input = new NDList(
                    manager.create(batch.ids(), shape),
                    manager.create(batch.mask(), shape),
                    manager.create(batch.types(), shape));
            NDArray output = model.getBlock()
                    .forward(new ParameterStore(manager, false), input, false)
                    .singletonOrThrow();
            return split(output.toFloatArray(), rows);
        } catch (EngineException e) {
            throw failure(batch, e);
        }
    }

    private static float[][] split(float[] all, int rows) {
        int outputs = all.length / rows;
        float[][] split = new float[rows][];
        for (int row = 0; row < rows; row++) {
            split[row] = Arrays.copyOfRange(all, row * outputs, (row + 1) * outputs);
        }
        return split;
    }

    private static InferenceException failure(TokenBatch batch, EngineException e) {
        String size = batch.rows().size() + " rows of " + batch.width() + " tokens";
        String message = String.valueOf(e.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains("out of memory") || lower.contains("can't allocate memory")
                ? new DeviceMemoryException("A batch of " + size + " does not fit into memory", e)
                : new InferenceException("A batch of " + size + " failed: " + message, e);
    }

    @Override
    public void close() {
        model.close();
    }
}
