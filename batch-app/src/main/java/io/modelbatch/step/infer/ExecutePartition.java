package io.modelbatch.step.infer;

import java.util.Objects;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.step.StepExecution;

/**
 * Executes one partition of an {@code infer} step in a process that knows nothing but the number of its step execution: all else is in the job
 * repository, the warehouse and the buckets.
 */
public final class ExecutePartition {
    private final InferServices services;

    ExecutePartition(InferServices services) {
        this.services = services;
    }

    /**
     * Returns when the partition ended.
     *
     * @param id of the partition's step execution
     * @throws IllegalStateException when another process has begun it: names of shards are unique because no step execution begins twice
     */
    public StepExecution execute(long id) throws Exception {
        StepExecution partition =
                Objects.requireNonNull(services.kit().repository().getStepExecution(id));
        if (partition.getStatus() != BatchStatus.STARTING) {
            throw new IllegalStateException("Partition " + partition.getStepName() + " (step execution " + id + ") is "
                    + partition.getStatus() + ": it has begun already. Execute it with a new step execution");
        }
        try (InferencePartitions partitions = InferencePartitions.open(services, partition)) {
            partitions.step(partition).execute(partition);
        }
        return partition;
    }
}
