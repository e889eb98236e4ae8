package io.modelbatch.inference;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.ArchiveCall;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenIds;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** PyTorch, through DJL. */
final class DjlInferenceEngine implements InferenceEngine {
    /** A first pass shows that the device can compute it, and packs the weights before threads share them. */
    private static final TokenBatch FIRST =
            new TokenBatch(List.of(new TokenIds(new int[] {0}, new int[] {0})), List.of(0), 0);

    private final Model model;
    private final ArchiveCall call;
    private final ComputeDevice device;

    private DjlInferenceEngine(Model model, ArchiveCall call, ComputeDevice device) {
        this.model = model;
        this.call = call;
        this.device = device;
    }

    static InferenceEngine load(DisplayPath archive, ArchiveCall call, ComputeEngine engine, ComputeDevice device)
            throws IOException {
        Model model = Model.newInstance("classifier", engine.device(device), ComputeEngine.NAME);
        try {
            model.load(archive.path(), null, Map.of("mapLocation", "true"));
            DjlInferenceEngine loaded = new DjlInferenceEngine(model, call, device);
            loaded.run(FIRST);
            return loaded;
        } catch (MalformedModelException | EngineException | InferenceException e) {
            model.close();
            String cause = String.valueOf(e.getMessage()).replace(archive.path().toString(), archive.name());
            throw new InferenceException(archive + " cannot be loaded on " + device + ": " + cause, e);
        }
    }

    @Override
    public float[][] run(TokenBatch batch) {
        int rows = batch.rows().size();
        Shape shape = new Shape(rows, batch.width());
        // Whatever a pass allocates goes with its manager; without one the process grows.
        try (NDManager manager = model.getNDManager().newSubManager()) {
            NDList input = new NDList();
            call.inputs().forEach(argument -> input.add(manager.create(values(batch, argument), shape)));
            NDList output = model.getBlock().forward(new ParameterStore(manager, false), input, false);
            return split(numbers(answer(output), rows, batch.width()), rows);
        } catch (EngineException | UnsupportedOperationException e) {
            throw failure(batch, e);
        }
    }

    private static long[] values(TokenBatch batch, ArchiveCall.Input argument) {
        return switch (argument) {
            case INPUT_IDS -> batch.ids();
            case ATTENTION_MASK -> batch.mask();
            case TOKEN_TYPE_IDS -> batch.types();
        };
    }

    /** DJL names the tensors of a dict, and no others. */
    private NDArray answer(NDList output) {
        List<String> names =
                output.stream().map(NDArray::getName).filter(Objects::nonNull).toList();
        if (names.contains(call.output())) {
            return output.get(call.output());
        } else if (output.isEmpty() || !names.isEmpty()) {
            throw new InferenceException("forward returned the tensors " + names + ", but not '" + call.output() + "'");
        }
        return output.get(0);
    }

    /** The type is asked for first: an array of one that DJL does not know must not be touched, or the process ends. */
    private float[] numbers(NDArray answer, int rows, int width) {
        List<Long> shape = Arrays.stream(answer.getShape().getShape()).boxed().toList();
        if (!shape.equals(call.shape(rows, width))) {
            throw new InferenceException("forward returned the shape " + shape + " for " + rows + " rows of " + width
                    + " tokens; expected " + call.shape(rows, width));
        }
        DataType type = answer.getDataType();
        return switch (type) {
            case FLOAT32, FLOAT16 -> answer.toFloatArray();
            case FLOAT64 -> answer.toType(DataType.FLOAT32, false).toFloatArray();
            default -> throw new InferenceException("forward returned " + type + "; it must return float32");
        };
    }

    private static float[][] split(float[] all, int rows) {
        int outputs = all.length / rows;
        float[][] split = new float[rows][];
        for (int row = 0; row < rows; row++) {
            split[row] = Arrays.copyOfRange(all, row * outputs, (row + 1) * outputs);
        }
        return split;
    }

    private static InferenceException failure(TokenBatch batch, RuntimeException e) {
        String size = batch.rows().size() + " rows of " + batch.width() + " tokens";
        String message = String.valueOf(e.getMessage());
        return ComputeEngine.isOutOfMemory(e)
                ? new DeviceMemoryException("A batch of " + size + " does not fit into memory", e)
                : new InferenceException("A batch of " + size + " failed: " + message, e);
    }

    @Override
    public ComputeDevice device() {
        return device;
    }

    @Override
    public void close() {
        model.close();
    }
}
