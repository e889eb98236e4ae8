package io.modelbatch.worker;

import com.google.common.base.Stopwatch;
import com.google.common.base.Throwables;
import io.modelbatch.base.DiskFailure;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.device.DeviceException;
import io.modelbatch.inference.DeviceFailedException;
import io.modelbatch.run.ActiveRuns;
import io.modelbatch.run.RepositoryOutage;
import io.modelbatch.run.RunTrace;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.ClaimLostException;
import io.modelbatch.step.FailureCause;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.rows.ExecutePartition;
import io.modelbatch.step.rows.PartitionSteps;
import io.modelbatch.step.rows.UnfitProcessException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Executes partitions that were taken from the queue, and decides what a failure means: for the run, or for this worker alone. */
final class WorkerPartitions {
    /** Workers that may fail at a partition, one after the other, before one of them commits anything. */
    static final int MOST_IN_VAIN = 10;

    private static final Logger log = LoggerFactory.getLogger(WorkerPartitions.class);

    private final PartitionQueue queue;
    private final ExecutePartition execute;
    private final JobRepository repository;
    private final ActiveRuns runs;
    private final OpenPartitions open = new OpenPartitions();
    private final String name;
    private final Consumer<WorkerEvent> listener;
    private final Set<Long> refused = ConcurrentHashMap.newKeySet();
    private final Set<Working> working = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /** The end of a partition's task. */
    enum Outcome {
        /** Nothing is left to do. */
        OVER,
        /** Another worker may take it at once. */
        GIVEN_BACK,
        /** Any worker may take it, but not at once. */
        LATER
    }

    private record Working(Dispatch dispatch, StepExecution partition) {}

    WorkerPartitions(
            PartitionQueue queue,
            ExecutePartition execute,
            JobRepository repository,
            ActiveRuns runs,
            String name,
            Consumer<WorkerEvent> listener) {
        this.name = name;
        this.queue = queue;
        this.execute = execute;
        this.repository = repository;
        this.runs = runs;
        this.listener = listener;
    }

    /** Dispatches that this worker cannot execute. */
    Set<Long> refused() {
        return Set.copyOf(refused);
    }

    /** Fingerprints of the models that are loaded. */
    Set<String> models() {
        return open.models();
    }

    /** Number of partitions at work. */
    int working() {
        return working.size();
    }

    /** Gives up all partitions at work, between two commits. Those that are taken later are given back unexecuted. */
    void stop() {
        stopping = true;
        working.forEach(this::stop);
    }

    /** Stops the partitions of runs that are to stop. */
    void stopWhatIsToStop() {
        Set<Long> ids = working.stream().map(work -> work.dispatch().id()).collect(Collectors.toSet());
        if (!ids.isEmpty()) {
            Set<Long> live = queue.live(ids);
            working.stream()
                    .filter(work -> !live.contains(work.dispatch().id()))
                    .forEach(this::stop);
        }
    }

    private void stop(Working work) {
        runs.of(work.partition().getJobExecution()).stop().request();
    }

    /**
     * Executes a partition.
     *
     * @param version of its task, as this worker took it
     */
    Outcome execute(Dispatch dispatch, PartitionTask task, long version) {
        OptionalLong newest = queue.newest(dispatch, task.number());
        if (newest.isEmpty()) {
            return Outcome.OVER;
        }
        try {
            StepExecution partition = execute.find(newest.getAsLong());
            Claim.of(partition.getJobExecution())
                    .orElseThrow()
                    .of(new Claim.Task(task.instance(), version))
                    .giveTo(partition.getJobExecution());
            if (WorkerFailure.isOver(partition)) {
                return Outcome.OVER;
            }
            if (stopping) {
                return Outcome.GIVEN_BACK;
            }
            if (partition.getStatus() == BatchStatus.STARTING) {
                return execute(dispatch, task, partition);
            }
            end(partition);
            if (queue.inVain(dispatch, task.number()) >= MOST_IN_VAIN) {
                fail(partition, WorkerFailure.ofLostWorkers(partition, MOST_IN_VAIN));
                return Outcome.OVER;
            }
            return execute(
                    dispatch,
                    task,
                    repository.createStepExecution(partition.getStepName(), partition.getJobExecution()));
        } catch (ClaimLostException e) {
            log.info("{}", e.getMessage());
            return Outcome.LATER;
        } catch (DataAccessException | TransactionException e) {
            log.warn("The job repository does not answer; partition {} is tried again", task.instance(), e);
            return Outcome.LATER;
        }
    }

    private Outcome execute(Dispatch dispatch, PartitionTask task, StepExecution partition) {
        Working work = new Working(dispatch, partition);
        working.add(work);
        Stopwatch sinceTaken = Stopwatch.createStarted();
        String run = StepKit.runName(partition);
        new PartitionWorker(name).keep(partition);
        tell(partition, new WorkerEvent.Taken(run, partition.getStepName()));
        try {
            PartitionSteps steps = open.acquire(dispatch, () -> execute.open(partition));
            try {
                execute.execute(partition, steps);
            } finally {
                open.release(dispatch);
            }
        } catch (ClaimLostException e) {
            throw e;
        } catch (Exception | OutOfMemoryError e) {
            failed(partition, e);
        } finally {
            working.remove(work);
            if (working.stream().noneMatch(other -> other.dispatch().equals(dispatch))) {
                runs.leaves(partition.getJobExecution());
            }
            tell(
                    partition,
                    new WorkerEvent.Ended(
                            run,
                            partition.getStepName(),
                            partition.getStatus().name(),
                            partition.getReadCount(),
                            sinceTaken.elapsed(TimeUnit.MILLISECONDS) / 1000.0));
        }
        return outcome(dispatch, task, partition);
    }

    private void tell(StepExecution partition, WorkerEvent event) {
        RunTrace.during(partition.getJobExecution(), () -> listener.accept(event));
    }

    private Outcome givenBack(StepExecution partition) {
        partition.setExitStatus(PartitionWorker.of(partition).givenBack());
        repository.update(partition);
        return Outcome.GIVEN_BACK;
    }

    /** Of a partition that could not begin. */
    private static void failed(StepExecution partition, Throwable failure) {
        partition.addFailureException(failure);
        partition.setStatus(BatchStatus.FAILED);
        partition.setExitStatus(ExitStatus.FAILED.addExitDescription(failure));
        partition.setEndTime(LocalDateTime.now(ZoneId.systemDefault()));
    }

    private Outcome outcome(Dispatch dispatch, PartitionTask task, StepExecution partition) {
        List<Throwable> failures = partition.getFailureExceptions();
        if (ClaimLostException.isAmong(failures)
                || RepositoryOutage.among(failures).isPresent()) {
            return Outcome.LATER;
        }
        if (partition.getStatus() == BatchStatus.STOPPED) {
            return stopping ? givenBack(partition) : Outcome.OVER;
        }
        if (partition.getStatus() == BatchStatus.COMPLETED) {
            return Outcome.OVER;
        }
        FailureCause cause = FailureCause.of(failures).orElseThrow();
        if (isOfThisWorker(failures)) {
            refused.add(dispatch.id());
            tell(partition, new WorkerEvent.Refused(StepKit.runName(partition), dispatch.step(), cause.message()));
            partition.setExitStatus(PartitionWorker.of(partition).refused(cause.message()));
            repository.update(partition);
            if (queue.inVain(dispatch, task.number()) < MOST_IN_VAIN) {
                return Outcome.GIVEN_BACK;
            }
        }
        fail(partition, WorkerFailure.of(cause, partition));
        return Outcome.OVER;
    }

    /** No worker executes it any more, and its run fails. */
    private void fail(StepExecution partition, WorkerFailure failure) {
        failure.keep(partition);
        repository.update(partition);
        repository.updateExecutionContext(partition);
    }

    /** It lacks memory, room on its disk, a device, a jar or a key, or its GPU failed; another worker may have it. */
    private static boolean isOfThisWorker(List<Throwable> failures) {
        return failures.stream()
                .flatMap(failure -> Throwables.getCausalChain(failure).stream())
                .anyMatch(failure -> failure instanceof OutOfMemoryError
                        || failure instanceof DeviceException
                        || failure instanceof UnfitProcessException
                        || failure instanceof DeviceFailedException
                        || ComputeEngine.isOutOfMemory(failure)
                        || DiskFailure.of(failure).isPresent());
    }

    /** Ends the execution of a worker that is gone. The next one begins behind its last commit. */
    private void end(StepExecution lost) {
        if (lost.getStatus().isRunning()) {
            lost.setStatus(BatchStatus.FAILED);
            lost.setExitStatus(PartitionWorker.of(lost).lost());
        }
        if (lost.getEndTime() == null) {
            lost.setEndTime(Optional.ofNullable(lost.getLastUpdated()).orElse(lost.getCreateTime()));
        }
        repository.update(lost);
    }
}
