package io.modelbatch.worker;

import com.google.common.collect.Sets;
import io.modelbatch.run.RepositoryOutage;
import io.modelbatch.run.Run;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.rows.PartitionDemand;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.partition.support.AbstractPartitionHandler;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DataAccessException;

/** Puts the partitions of a step into the queue, and waits until workers have executed them. It holds no connection meanwhile. */
final class QueuedPartitions extends AbstractPartitionHandler {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** Within the nine seconds that a run has for its stop. */
    private static final Duration STOPPING = Duration.ofSeconds(6);

    private static final Logger log = LoggerFactory.getLogger(QueuedPartitions.class);

    private final PartitionQueue queue;
    private final JobRepository repository;
    private final Function<StepExecution, Run> runs;
    private final PartitionQueue.Options options;
    private final PartitionDemand demand;
    private final OwnWorker own;
    private final DispatchWatches watches;

    /** Executes partitions in the process of the manager too, or brings others that do. */
    @FunctionalInterface
    interface OwnWorker {
        /** Begins to take partitions of a dispatch, or to bring others that do, until it is closed. */
        Started start(Dispatch dispatch);

        /** This one and another. */
        default OwnWorker and(OwnWorker other) {
            return dispatch -> {
                Started one = start(dispatch);
                Started another = other.start(dispatch);
                return new Started() {
                    @Override
                    public Set<PartitionTask> executing() {
                        return Sets.union(one.executing(), another.executing());
                    }

                    @Override
                    public void close() throws Exception {
                        another.close();
                        one.close();
                    }
                };
            };
        }

        /** One that was started. */
        @FunctionalInterface
        interface Started extends AutoCloseable {
            /** The partitions that this process executes. */
            default Set<PartitionTask> executing() {
                return Set.of();
            }
        }
    }

    QueuedPartitions(
            PartitionQueue queue,
            JobRepository repository,
            Function<StepExecution, Run> runs,
            PartitionQueue.Options options,
            PartitionDemand demand,
            OwnWorker own,
            DispatchWatches watches) {
        this.queue = queue;
        this.repository = repository;
        this.runs = runs;
        this.options = options;
        this.demand = demand;
        this.own = own;
        this.watches = watches;
    }

    @Override
    protected Set<StepExecution> doHandle(StepExecution manager, Set<StepExecution> partitions) throws Exception {
        if (partitions.isEmpty()) {
            return partitions;
        }
        JobExecution execution = manager.getJobExecution();
        Claim claim = Claim.of(execution).orElseThrow();
        Dispatch dispatch = new Dispatch(
                manager.getId(),
                execution.getId(),
                execution.getJobInstance().getJobName(),
                claim.run(),
                manager.getStepName(),
                demand);
        queue.put(dispatch, partitions.stream().map(PartitionName::number).toList(), options, claim);
        try (OwnWorker.Started worker = own.start(dispatch)) {
            await(dispatch, runs.apply(manager), worker);
        }
        queue.end(dispatch, claim);
        return ended(manager, partitions);
    }

    private void await(Dispatch dispatch, Run run, OwnWorker.Started worker) throws InterruptedException {
        List<DispatchWatch> watching = watches.of(dispatch, run, worker::executing);
        CountDownLatch stop = new CountDownLatch(1);
        run.stop().whenRequested(stop::countDown);
        do {
            if (isOver(dispatch, watching)) {
                return;
            }
        } while (!stop.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS));
        stop(dispatch, run);
    }

    private boolean isOver(Dispatch dispatch, List<DispatchWatch> watching) {
        try {
            PartitionQueue.Load load = queue.load(dispatch.id());
            watching.forEach(watch -> watch.look(load));
            return load.open() == 0;
        } catch (DataAccessException e) {
            if (!RepositoryOutage.is(e)) {
                throw e;
            }
            log.warn("The job repository does not answer; workers may continue", e);
            return false;
        }
    }

    /** Takes from workers the partitions that they do not give up in time. */
    private void stop(Dispatch dispatch, Run run) throws InterruptedException {
        queue.stop(dispatch.id());
        while (run.stop().elapsed().compareTo(STOPPING) < 0
                && queue.load(dispatch.id()).open() > 0) {
            Thread.sleep(100);
        }
    }

    /** The later execution of a partition, with the counts of both: the earlier one committed its rows before its worker was gone. */
    static StepExecution continued(StepExecution earlier, StepExecution later) {
        later.setReadCount(earlier.getReadCount() + later.getReadCount());
        later.setWriteCount(earlier.getWriteCount() + later.getWriteCount());
        later.setProcessSkipCount(earlier.getProcessSkipCount() + later.getProcessSkipCount());
        return later;
    }

    /** The partitions as they ended: those of workers that are gone have a later step execution. */
    private Set<StepExecution> ended(StepExecution manager, Set<StepExecution> partitions) {
        JobExecution now = Objects.requireNonNull(
                repository.getLastJobExecution(manager.getJobExecution().getJobInstance()));
        Map<String, StepExecution> newest = now.getStepExecutions().stream()
                .sorted(Comparator.comparingLong(StepExecution::getId))
                .collect(
                        Collectors.toMap(StepExecution::getStepName, Function.identity(), QueuedPartitions::continued));
        Set<StepExecution> ended = new HashSet<>();
        for (StepExecution partition : partitions) {
            StepExecution its = Objects.requireNonNull(newest.get(partition.getStepName()));
            WorkerFailure.of(its).map(WorkerFailure::exception).ifPresent(manager::addFailureException);
            ended.add(its);
        }
        if (ended.stream().anyMatch(partition -> partition.getStatus() == BatchStatus.STOPPED)) {
            manager.setTerminateOnly();
        }
        return ended;
    }
}
