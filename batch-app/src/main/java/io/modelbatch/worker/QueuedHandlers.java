package io.modelbatch.worker;

import io.modelbatch.run.ActiveRuns;
import io.modelbatch.step.rows.PartitionDemand;
import io.modelbatch.step.rows.PartitionHandlers;
import io.modelbatch.step.rows.PartitionSteps;
import org.springframework.batch.core.partition.PartitionHandler;
import org.springframework.batch.core.repository.JobRepository;

/**
 * Puts the partitions of all steps into the queue.
 *
 * @param own the workers that the manager brings
 * @param options of the run
 * @param mode remote, or both
 * @param watches of each dispatch
 */
record QueuedHandlers(
        QueuedPartitions.OwnWorker own,
        PartitionQueue queue,
        JobRepository repository,
        ActiveRuns runs,
        PartitionQueue.Options options,
        WorkerMode mode,
        DispatchWatches watches)
        implements PartitionHandlers {
    @Override
    public PartitionHandler create(PartitionSteps.Opening steps, int partitions, PartitionDemand demand) {
        QueuedPartitions queued = new QueuedPartitions(
                queue, repository, manager -> runs.of(manager.getJobExecution()), options, demand, own, watches);
        queued.setGridSize(partitions);
        return queued;
    }

    @Override
    public boolean onlyElsewhere() {
        return mode == WorkerMode.REMOTE;
    }
}
