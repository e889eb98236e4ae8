package io.modelbatch.step.rows;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.DeviceMemory;
import io.modelbatch.step.PartitionName;
import io.modelbatch.telemetry.Measure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.batch.core.step.StepExecution;

/** Metrics of the partitions that this process executes, and of the GPUs that they use. */
public final class RowMetrics {
    private final MeterRegistry meters;
    private final Map<Tags, AtomicInteger> active = new ConcurrentHashMap<>();

    public RowMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Those of a partition, which are those of its step. */
    public PartitionMetrics of(StepExecution partition) {
        Tags step = Measure.ofStep(
                partition.getJobExecution().getJobInstance().getJobName(), PartitionName.step(partition));
        return new PartitionMetrics(meters, step, active.computeIfAbsent(step, this::active));
    }

    private AtomicInteger active(Tags step) {
        AtomicInteger count = new AtomicInteger();
        Measure.PARTITIONS_ACTIVE.gauge(meters, step, () -> count);
        return count;
    }

    /** Measures the memory of devices, where they have memory of their own. */
    public void devices(List<ComputeDevice> devices) {
        devices.stream()
                .filter(device -> device.kind() == ComputeDevice.Kind.GPU)
                .forEach(gpu -> {
                    Tags device = Measure.ofDevice(gpu.toString());
                    Measure.DEVICE_MEMORY_USED.gauge(
                            meters, device, () -> DeviceMemory.of(gpu).used());
                    Measure.DEVICE_MEMORY_LIMIT.gauge(
                            meters, device, () -> DeviceMemory.of(gpu).limit());
                });
    }
}
