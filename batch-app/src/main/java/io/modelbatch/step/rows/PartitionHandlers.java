package io.modelbatch.step.rows;

import org.springframework.batch.core.partition.PartitionHandler;

/** Makes what executes the partitions of a step: on threads of this process, or elsewhere. */
@FunctionalInterface
public interface PartitionHandlers {
    /**
     * A handler for a step.
     *
     * @param steps opens the partitions in this process
     * @param partitions number of partitions
     * @param demand the needs of a process that executes them elsewhere
     */
    PartitionHandler create(PartitionSteps.Opening steps, int partitions, PartitionDemand demand);

    /** True when this process executes none of them, and needs no device that computes. */
    default boolean onlyElsewhere() {
        return false;
    }
}
