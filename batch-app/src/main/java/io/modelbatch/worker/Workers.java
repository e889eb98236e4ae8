package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.modelbatch.inference.InferenceEngines;
import io.modelbatch.run.ActiveRuns;
import io.modelbatch.run.claim.RunOwner;
import io.modelbatch.step.rows.ExecutePartition;
import io.modelbatch.step.rows.PartitionDemand;
import io.modelbatch.step.rows.PartitionSteps;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.batch.core.repository.JobRepository;

/**
 * Makes what takes partitions from the queue in this process.
 *
 * @param database of the job repository and the queue
 * @param engines of this process
 */
record Workers(
        DataSource database,
        PartitionQueue queue,
        ExecutePartition execute,
        JobRepository repository,
        ActiveRuns runs,
        DatabaseClock clock,
        InferenceEngines engines) {
    /** The devices of this process. */
    WorkerDevice device() {
        return WorkerDevice.of(engines);
    }

    /**
     * Something that takes partitions when it is started.
     *
     * @param scheduler picks them
     * @param partitions those that it has taken
     */
    record Taking(Scheduler scheduler, WorkerPartitions partitions) {}

    /** Takes partitions of one dispatch in the process of its manager, until it is closed. */
    AutoCloseable startFor(Dispatch dispatch) {
        RunOwner self = RunOwner.thisProcess();
        Taking taking = create(
                self.host() + "-" + self.processId() + "-manager-" + dispatch.id(),
                PartitionSteps.atATime(device().number()),
                partitions -> new Eligibility(
                        Set.of(PartitionDemand.Device.values()),
                        Long.MAX_VALUE,
                        false,
                        dispatch.id(),
                        partitions.refused(),
                        partitions.models(),
                        Set.of()),
                event -> {});
        taking.scheduler().start();
        return taking.scheduler()::stop;
    }

    /**
     * One that is not started.
     *
     * @param name in the queue
     * @param threads number of partitions that are executed at a time
     * @param eligible the partitions that may be taken
     */
    Taking create(
            String name,
            int threads,
            Function<WorkerPartitions, Eligibility> eligible,
            Consumer<WorkerEvent> listener) {
        WorkerPartitions partitions = new WorkerPartitions(queue, execute, repository, runs, name, listener);
        Scheduler scheduler = PartitionScheduler.create(
                database,
                name,
                threads,
                () -> eligible.apply(partitions),
                new TakePartition(queue, partitions, clock),
                clock);
        return new Taking(scheduler, partitions);
    }
}
