package io.modelbatch.worker;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
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
    static WorkerDevice ofThisMachine() {
        ComputeEngine engine = ComputeEngine.start();
        List<ComputeDevice> devices = engine.devices("auto");
        return new WorkerDevice(
                devices.get(0).kind() == ComputeDevice.Kind.GPU ? "gpu" : "cpu",
                devices.size(),
                devices.stream().mapToLong(engine::memory).min().orElseThrow());
    }

    /** The demands that it meets. */
    Set<PartitionDemand.Device> demands() {
        return kind.equals("gpu")
                ? Set.of(PartitionDemand.Device.values())
                : Set.of(PartitionDemand.Device.ANY, PartitionDemand.Device.CPU);
    }
}
