package io.modelbatch.inference;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.ArchiveCall;
import io.modelbatch.token.TokenBatch;
import java.io.IOException;

/** One loaded model on one device, for all threads of the process. */
public interface InferenceEngine extends AutoCloseable {
    /**
     * Loads a TorchScript archive and makes a first pass with it.
     *
     * @param call its arguments and its result
     * @throws InferenceException when the engine refuses the archive, or it answers otherwise than {@code call} says
     */
    static InferenceEngine load(DisplayPath archive, ArchiveCall call, ComputeEngine engine, ComputeDevice device)
            throws IOException {
        return DjlInferenceEngine.load(archive, call, engine, device);
    }

    /**
     * One forward pass.
     *
     * @return for each row of the batch its numbers, which need not be finite
     * @throws DeviceMemoryException when the batch does not fit; a smaller one may
     * @throws InferenceException when the pass fails otherwise
     */
    float[][] run(TokenBatch batch);

    /** The device that it computes on. */
    ComputeDevice device();

    @Override
    void close();
}
