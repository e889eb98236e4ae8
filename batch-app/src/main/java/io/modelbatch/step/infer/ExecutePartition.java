package io.modelbatch.step.infer;

import java.util.Objects;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.EmptyResultDataAccessException;

/**
 * Executes one partition of an {@code infer} step in a process that knows nothing but the number of its step execution: all else is in the job
 * repository, the warehouse and the buckets. It works under the claim of the manager, and commits nothing more when the manager has lost the run.
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
        StepExecution partition = find(id);
        if (partition.getStatus() != BatchStatus.STARTING) {
            throw new IllegalStateException("Partition " + partition.getStepName() + " (step execution " + id + ") is "
                    + partition.getStatus() + ": it has begun already. Execute it with a new step execution");
        }
        services.kit().verifyOwner(partition.getJobExecution());
        try (InferencePartitions partitions = InferencePartitions.open(services, partition)) {
            partitions.step(partition).execute(partition);
        }
        return partition;
    }

    private StepExecution find(long id) {
        try {
            return Objects.requireNonNull(services.kit().repository().getStepExecution(id));
        } catch (EmptyResultDataAccessException e) {
            throw new IllegalStateException("The job repository has no step execution " + id, e);
        }
    }
}
