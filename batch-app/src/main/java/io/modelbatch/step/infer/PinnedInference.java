package io.modelbatch.step.infer;

import io.modelbatch.inference.InferOptions;
import io.modelbatch.model.script.Precision;
import io.modelbatch.step.rows.PartitionDemand;
import io.modelbatch.step.rows.PartitionDemand.Device;
import io.modelbatch.step.rows.StepInput;

/**
 * All that the partitions of an {@code infer} step are executed from, in whichever process. The manager commits it before any of them begins.
 *
 * @param options of the step, with the run's parameters in their places
 * @param input the rows
 * @param model answers them
 */
record PinnedInference(InferOptions options, StepInput input, PinnedModel model) {
    /** Files of 32 bits a number, in which most models are published. */
    private static final int BYTES_IN_FILES = 4;

    /** A GPU does not compute with int8. The memory is that of the numbers alone, and a process that has less cannot load them. */
    PartitionDemand demand() {
        Device device = options.device().startsWith("gpu")
                ? Device.GPU
                : options.device().equals("cpu") || model.dtype() == Precision.INT8 ? Device.CPU : Device.ANY;
        long memory = model.bytes() == null
                ? 0
                : model.bytes() / BYTES_IN_FILES * (model.dtype() == Precision.FLOAT32 ? BYTES_IN_FILES : 2);
        return new PartitionDemand(device, memory, model.fingerprint());
    }
}
