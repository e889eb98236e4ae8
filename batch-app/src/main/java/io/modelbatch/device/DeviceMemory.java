package io.modelbatch.device;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.lang.management.MemoryUsage;

/**
 * The memory of a GPU, in bytes.
 *
 * @param used in use by all processes
 * @param limit all that there is
 */
public record DeviceMemory(long used, long limit) {
    /** That of a GPU now, as CUDA's runtime says it. */
    public static DeviceMemory of(ComputeDevice gpu) {
        MemoryUsage usage = CudaUtils.getGpuMemory(Device.gpu(gpu.index()));
        return new DeviceMemory(usage.getUsed(), usage.getMax());
    }
}
