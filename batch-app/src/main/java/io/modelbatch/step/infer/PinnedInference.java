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
    /** A GPU does not compute with int8. */
    PartitionDemand demand() {
        Device device = options.device().startsWith("gpu")
                ? Device.GPU
                : options.device().equals("cpu") || model.dtype() == Precision.INT8 ? Device.CPU : Device.ANY;
        return new PartitionDemand(device, 0, model.fingerprint());
    }
}
