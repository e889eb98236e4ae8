package io.modelbatch.step.rows;

import org.jspecify.annotations.Nullable;

/**
 * The needs of a process that executes a partition of a step.
 *
 * @param device that must compute there
 * @param memory bytes of that device's memory, at the least
 * @param model fingerprint of the model, which a process that has it need not fetch; null without a model
 */
public record PartitionDemand(
        Device device, long memory, @Nullable String model) {
    /** Needs nothing but a processor. */
    public static final PartitionDemand NONE = new PartitionDemand(Device.ANY, 0, null);

    /** A kind of device. */
    public enum Device {
        /** A GPU where there is one, else the processor. */
        ANY,
        CPU,
        GPU
    }
}
