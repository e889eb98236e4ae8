package io.modelbatch.worker;

import com.google.common.base.Stopwatch;
import io.modelbatch.run.RepositoryOutage;
import io.modelbatch.run.RunTrace;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.ClaimLostException;
import io.modelbatch.step.FailureCause;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.rows.ExecutePartition;
import io.modelbatch.step.rows.PartitionSteps;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Executes partitions that were taken from the queue, and decides what a failure means: for the run, or for this worker alone. */
final class WorkerPartitions {
    /** Workers that may fail at a partition, one after the other, before one of them commits anything. */
    static final int MOST_IN_VAIN = 10;

    private static final Logger log = LoggerFactory.getLogger(WorkerPartitions.class);

    private final PartitionHistory history;
    private final ExecutePartition execute;
    private final JobRepository repository;
    private final OpenPartitions open = new OpenPartitions();
    private final PartitionsAtWork atWork;
    private final String name;
    private final Consumer<WorkerEvent> listener;
    private final Set<Long> refused = ConcurrentHashMap.newKeySet();

    /** The end of a partition's task. */
    enum Outcome {
        /** Nothing is left to do. */
        OVER,
        /** Nothing is left to do where its run is to stop. */
        STOPPED,
        /** Another worker may take it at once. */
        GIVEN_BACK,
        /** Any worker may take it, but not at once. */
        LATER
    }

    WorkerPartitions(
            PartitionHistory history,
            ExecutePartition execute,
            JobRepository repository,
            PartitionsAtWork atWork,
            String name,
            Consumer<WorkerEvent> listener) {
        this.history = history;
        this.execute = execute;
        this.repository = repository;
        this.atWork = atWork;
        this.name = name;
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

    /**
     * Executes a partition.
     *
     * @param version of its task, as this worker took it
     */
    Outcome execute(Dispatch dispatch, PartitionTask task, long version) {
        try {
            OptionalLong newest = history.newest(dispatch, task.number());
            return newest.isEmpty()
                    ? Outcome.OVER
                    : resume(
                            dispatch, task, execute.find(newest.getAsLong()), new Claim.Task(task.instance(), version));
        } catch (ClaimLostException e) {
            log.info("{}", e.getMessage());
            return Outcome.LATER;
        } catch (DataAccessException | TransactionException e) {
            log.warn("The job repository does not answer; partition {} is tried again", task.instance(), e);
            return Outcome.LATER;
        }
    }

    private Outcome resume(Dispatch dispatch, PartitionTask task, StepExecution newest, Claim.Task taken) {
        JobExecution run = newest.getJobExecution();
        Claim.of(run).orElseThrow().of(taken).giveTo(run);
        if (WorkerFailure.isOver(newest)) {
            return Outcome.OVER;
        }
        if (atWork.stopping()) {
            return Outcome.GIVEN_BACK;
        }
        if (newest.getStatus() == BatchStatus.STARTING) {
            return execute(dispatch, task, newest);
        }
        end(newest);
        if (history.inVain(dispatch, task.number()) >= MOST_IN_VAIN) {
            fail(newest, WorkerFailure.ofLostWorkers(newest, MOST_IN_VAIN));
            return Outcome.OVER;
        }
        return execute(dispatch, task, repository.createStepExecution(newest.getStepName(), run));
    }

    private Outcome execute(Dispatch dispatch, PartitionTask task, StepExecution partition) {
        atWork.begins(dispatch, partition);
        try {
            execute(dispatch, partition);
            return outcome(dispatch, task, partition);
        } finally {
            atWork.ended(dispatch, partition);
        }
    }

    private void execute(Dispatch dispatch, StepExecution partition) {
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
        } catch (Exception | OutOfMemoryError e) {
            failed(partition, e);
        } finally {
            tell(
                    partition,
                    new WorkerEvent.Ended(
                            run,
                            partition.getStepName(),
                            isLost(partition)
                                    ? WorkerEvent.Ended.LOST
                                    : partition.getStatus().name(),
                            partition.getReadCount(),
                            sinceTaken.elapsed(TimeUnit.MILLISECONDS) / 1000.0));
        }
    }

    private static boolean isLost(StepExecution partition) {
        return ClaimLostException.isAmong(partition.getFailureExceptions());
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
        if (isLost(partition) || RepositoryOutage.among(failures).isPresent()) {
            return Outcome.LATER;
        }
        if (partition.getStatus() == BatchStatus.STOPPED) {
            return atWork.stopping() ? givenBack(partition) : Outcome.STOPPED;
        }
        if (partition.getStatus() == BatchStatus.COMPLETED) {
            return Outcome.OVER;
        }
        FailureCause cause = FailureCause.of(failures).orElseThrow();
        if (WorkerFailure.isOfItsWorker(failures)) {
            refused.add(dispatch.id());
            tell(partition, new WorkerEvent.Refused(StepKit.runName(partition), dispatch.step(), cause.message()));
            partition.setExitStatus(PartitionWorker.of(partition).refused(cause.message()));
            repository.update(partition);
            if (history.inVain(dispatch, task.number()) < MOST_IN_VAIN) {
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
