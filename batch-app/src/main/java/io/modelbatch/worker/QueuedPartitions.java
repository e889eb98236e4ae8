package io.modelbatch.worker;

import com.google.common.base.Stopwatch;
import io.modelbatch.base.ByteSize;
import io.modelbatch.run.ProgramVersion;
import io.modelbatch.run.RepositoryOutage;
import io.modelbatch.run.Run;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.rows.PartitionDemand;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

    /** Without a worker, until its user is told. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(QueuedPartitions.class);

    private final PartitionQueue queue;
    private final JobRepository repository;
    private final Function<StepExecution, Run> runs;
    private final PartitionQueue.Options options;
    private final PartitionDemand demand;
    private final OwnWorker own;
    private final QueueMetrics metrics;

    /** Executes partitions in the process of the manager too, or brings others that do. */
    @FunctionalInterface
    interface OwnWorker {
        /** @return ends it */
        AutoCloseable start(Dispatch dispatch);

        /** This one and another. */
        default OwnWorker and(OwnWorker other) {
            return dispatch -> {
                AutoCloseable one = start(dispatch);
                AutoCloseable another = other.start(dispatch);
                return () -> {
                    another.close();
                    one.close();
                };
            };
        }
    }

    QueuedPartitions(
            PartitionQueue queue,
            JobRepository repository,
            Function<StepExecution, Run> runs,
            PartitionQueue.Options options,
            PartitionDemand demand,
            OwnWorker own,
            QueueMetrics metrics) {
        this.queue = queue;
        this.repository = repository;
        this.runs = runs;
        this.options = options;
        this.demand = demand;
        this.own = own;
        this.metrics = metrics;
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
        try (AutoCloseable worker = own.start(dispatch)) {
            await(dispatch, runs.apply(manager));
        }
        queue.end(dispatch, claim);
        return ended(manager, partitions);
    }

    private void await(Dispatch dispatch, Run run) throws InterruptedException {
        Stopwatch sinceLastWorker = Stopwatch.createStarted();
        boolean told = false;
        int workers = -1;
        LostWorkers lost = new LostWorkers(dispatch, queue, run);
        QueueMetrics.OfDispatch measured = metrics.of(dispatch);
        while (true) {
            if (run.stop().requested()) {
                stop(dispatch, run);
                return;
            }
            try {
                PartitionQueue.Load load = queue.load(dispatch.id());
                if (load.all() == 0) {
                    measured.ended();
                    return;
                }
                if (load.workers() != workers) {
                    workers = load.workers();
                    run.progress().workers(dispatch.step(), workers, load.all());
                }
                lost.look();
                measured.refresh();
                int free = options.mostAtATime() - load.waiting() - load.executing();
                if (load.heldBack() > 0 && free > 0) {
                    queue.release(dispatch.id(), free);
                }
                if (load.executing() > 0) {
                    sinceLastWorker.reset().start();
                    told = false;
                } else if (!told && sinceLastWorker.elapsed().compareTo(PATIENCE) > 0) {
                    told = true;
                    run.progress()
                            .stage(
                                    dispatch.step(),
                                    "waits for a worker: none has taken one of its " + load.all()
                                            + " partitions for a minute" + needs(demand)
                                            + (lost.askedForOnDemand()
                                                    ? ". Workers with --spot take none (resources.spot.fallback-after)"
                                                    : "")
                                            + "; start one with: java -jar batch.jar worker"
                                            + ofOtherVersions(queue.otherVersionsOfWorkers())
                                            + queue.refusal(dispatch)
                                                    .map(refusal -> ". " + refusal)
                                                    .orElse(""));
                }
            } catch (DataAccessException e) {
                if (!RepositoryOutage.is(e)) {
                    throw e;
                }
                log.warn("The job repository does not answer; workers may continue", e);
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    /** In words, what a worker must have; empty when any will do. */
    static String needs(PartitionDemand demand) {
        String memory = demand.memory() == 0 ? "" : new ByteSize(demand.memory()) + " of memory";
        if (demand.device() == PartitionDemand.Device.GPU) {
            return ". A worker needs a GPU" + (memory.isEmpty() ? "" : " with " + memory);
        }
        return memory.isEmpty() ? "" : ". A worker needs " + memory + " beside its Java heap";
    }

    /** In words, that workers are there which execute nothing of this run; empty without them. */
    static String ofOtherVersions(Set<String> versions) {
        return versions.isEmpty()
                ? ""
                : ". Workers of version " + String.join(", ", versions)
                        + " are there, and execute no partition of this run: it began with version "
                        + ProgramVersion.text()
                        + ". Stop it and resume it with their version, or start workers of its version";
    }

    /** Takes from workers the partitions that they do not give up in time. */
    private void stop(Dispatch dispatch, Run run) throws InterruptedException {
        queue.stop(dispatch.id());
        while (run.stop().elapsed().compareTo(STOPPING) < 0
                && queue.load(dispatch.id()).all() > 0) {
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
