package io.modelbatch.inference;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.device.DeviceException;
import io.modelbatch.model.ArchiveCall;
import java.io.IOException;
import java.util.List;

/** The devices that this process computes on, and the engines that compute there. */
public interface InferenceEngines {
    /** PyTorch, which starts when it is first needed. */
    static InferenceEngines pyTorch() {
        return new InferenceEngines() {
            @Override
            public List<ComputeDevice> devices(String name) {
                return ComputeEngine.start().devices(name);
            }

            @Override
            public long memory(ComputeDevice device) {
                return ComputeEngine.start().memory(device);
            }

            @Override
            public InferenceEngine load(DisplayPath archive, ArchiveCall call, ComputeDevice device)
                    throws IOException {
                return InferenceEngine.load(archive, call, ComputeEngine.start(), device);
            }
        };
    }

    /**
     * The devices that a job file asks for.
     *
     * @throws DeviceException when there is no such device
     */
    List<ComputeDevice> devices(String name);

    /** Bytes of a device's memory that a model may take. */
    long memory(ComputeDevice device);

    /**
     * Loads a TorchScript archive on a device, and makes a first pass with it.
     *
     * @param call its arguments and its result
     * @throws InferenceException when the engine refuses the archive, or it answers otherwise than {@code call} says
     */
    InferenceEngine load(DisplayPath archive, ArchiveCall call, ComputeDevice device) throws IOException;
}
