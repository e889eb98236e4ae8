package io.modelbatch.step.rows;

import io.modelbatch.step.PartitionName;
import io.modelbatch.step.StepKit;
import java.util.List;
import java.util.Objects;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.EmptyResultDataAccessException;

/**
 * Executes one partition of a step in a process that knows nothing but the number of its step execution: all else is in the job
 * repository, the warehouse and the buckets. It works under the claim of the manager, and commits nothing more when the manager has lost the run.
 */
public final class ExecutePartition {
    private final StepKit kit;
    private final List<PartitionOpening> openings;

    ExecutePartition(StepKit kit, List<PartitionOpening> openings) {
        this.kit = kit;
        this.openings = List.copyOf(openings);
    }

    /**
     * Returns when the partition ended.
     *
     * @param id of the partition's step execution
     * @throws IllegalStateException when another process has begun it: names of shards are unique because no step execution begins twice
     */
    public StepExecution execute(long id) throws Exception {
        StepExecution partition = find(id);
        requireNotBegun(partition);
        kit.verifyOwner(partition.getJobExecution());
        try (PartitionSteps partitions = open(partition)) {
            execute(partition, partitions);
        }
        return partition;
    }

    /** Opens what the partitions of a step share in this process. */
    public PartitionSteps open(StepExecution partition) throws Exception {
        return opening(partition).open(partition);
    }

    /** The same with what is open already. */
    public void execute(StepExecution partition, PartitionSteps partitions) throws JobInterruptedException {
        requireNotBegun(partition);
        kit.verifyOwner(partition.getJobExecution());
        ExecuteInRun.execute(partitions.step(partition), partition);
    }

    private static void requireNotBegun(StepExecution partition) {
        if (partition.getStatus() != BatchStatus.STARTING) {
            throw new IllegalStateException(
                    "Partition " + partition.getStepName() + " (step execution " + partition.getId() + ") is "
                            + partition.getStatus() + ": it has begun already. Execute it with a new step execution");
        }
    }

    private PartitionSteps.Opening opening(StepExecution partition) {
        String pinned = kit.outputs().typeForPartitions(partition);
        return openings.stream()
                .filter(opening -> opening.pinned().getSimpleName().equals(pinned))
                .map(PartitionOpening::steps)
                .findFirst()
                .orElseThrow(
                        () -> new UnfitProcessException("Step " + PartitionName.step(partition) + " needs a type that"
                                + " makes its partitions of a " + pinned
                                + ", which this process does not have; put its jar into the folder of extensions"));
    }

    /** A step execution, with its contexts and those of its job execution. */
    public StepExecution find(long id) {
        try {
            return Objects.requireNonNull(kit.repository().getStepExecution(id));
        } catch (EmptyResultDataAccessException e) {
            throw new IllegalStateException("The job repository has no step execution " + id, e);
        }
    }
}
