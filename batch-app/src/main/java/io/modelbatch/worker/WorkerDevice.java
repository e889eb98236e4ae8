package io.modelbatch.worker;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.inference.InferenceEngines;
import io.modelbatch.step.rows.PartitionDemand;
import java.util.List;
import java.util.Set;

/**
 * The devices that a worker computes on.
 *
 * @param kind cpu or gpu
 * @param number of GPUs; 1 for the processor
 * @param memory bytes of the one with the least
 */
record WorkerDevice(String kind, int number, long memory) {
    static WorkerDevice of(InferenceEngines engines) {
        List<ComputeDevice> devices = engines.devices("auto");
        return new WorkerDevice(
                devices.get(0).kind() == ComputeDevice.Kind.GPU ? "gpu" : "cpu",
                devices.size(),
                devices.stream().mapToLong(engines::memory).min().orElseThrow());
    }

    /** The demands that it meets. */
    Set<PartitionDemand.Device> demands() {
        return kind.equals("gpu")
                ? Set.of(PartitionDemand.Device.values())
                : Set.of(PartitionDemand.Device.ANY, PartitionDemand.Device.CPU);
    }
}
