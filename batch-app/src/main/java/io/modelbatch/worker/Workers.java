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
import java.util.stream.Collectors;
import org.springframework.batch.core.repository.JobRepository;

/**
 * Makes what takes partitions from the queue in this process.
 *
 * @param engines of this process
 */
record Workers(
        PartitionSchedulers schedulers,
        PartitionQueue queue,
        PartitionHistory history,
        ExecutePartition execute,
        JobRepository repository,
        ActiveRuns runs,
        InferenceEngines engines) {
    /** The devices of this process. */
    WorkerDevice device() {
        return WorkerDevice.of(engines);
    }

    /**
     * Something that takes partitions when it is started.
     *
     * @param scheduler picks them
     * @param atWork those that it has taken
     */
    record Taking(Scheduler scheduler, PartitionsAtWork atWork) implements QueuedPartitions.OwnWorker.Started {
        /** Those that are its own in the queue, from before they begin until they are no longer there. */
        @Override
        public Set<PartitionTask> executing() {
            return scheduler.getCurrentlyExecuting().stream()
                    .map(each -> PartitionTask.parse(each.getTaskInstance().getId()))
                    .collect(Collectors.toSet());
        }

        @Override
        public void close() {
            scheduler.stop();
        }
    }

    /** Takes partitions of one dispatch in the process of its manager, until it is closed. */
    Taking startFor(Dispatch dispatch) {
        Taking taking = create(
                name(RunOwner.thisProcess(), "manager-" + dispatch.id()),
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
        return taking;
    }

    /**
     * The name, in the queue, of something that takes partitions. Of a long host name it has the end, which tells pods apart.
     *
     * @param suffix tells it from others of the same process
     */
    static String name(RunOwner process, String suffix) {
        String end = "-" + process.processId() + "-" + suffix;
        String host = process.host();
        return host.substring(Math.max(0, host.length() + end.length() - PartitionSchedulers.LONGEST_NAME)) + end;
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
        PartitionsAtWork atWork = new PartitionsAtWork(runs);
        WorkerPartitions partitions = new WorkerPartitions(history, execute, repository, atWork, name, listener);
        Scheduler scheduler = schedulers.create(
                name,
                threads,
                () -> eligible.apply(partitions),
                new TakePartition(queue, partitions, new EndPartition(queue)));
        return new Taking(scheduler, atWork);
    }
}
