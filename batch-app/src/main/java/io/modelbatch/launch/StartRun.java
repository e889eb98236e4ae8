package io.modelbatch.launch;

import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.jobspec.ParameterValue;
import io.modelbatch.step.JobFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;

/**
 * Starts a job, or goes on with the unfinished run of the same parameters. A run that is complete is reported as such,
 * unless a new one is wanted.
 */
public final class StartRun {
    private final JobRepository repository;
    private final JobOperator operator;
    private final JobFactory jobs;
    private final Lease lease;
    private final StopOnSignal stop;
    private final FinishRun finish;
    private final RunEvents events;

    StartRun(
            JobRepository repository,
            JobOperator operator,
            JobFactory jobs,
            Lease lease,
            StopOnSignal stop,
            FinishRun finish,
            RunEvents events) {
        this.repository = repository;
        this.operator = operator;
        this.jobs = jobs;
        this.lease = lease;
        this.stop = stop;
        this.finish = finish;
        this.events = events;
    }

    /** What to do where the last run is complete. */
    public enum WhenComplete {
        REPORT,
        RUN_AGAIN
    }

    /**
     * Returns when the run ended.
     *
     * @throws RunHeldException when another process holds the run
     */
    public RunOutcome start(JobSpec job, WhenComplete whenComplete, Consumer<RunEvent> listener) {
        events.listener(listener);
        RunParameters parameters = new RunParameters(job.name(), texts(job.parameters()));
        lease.acquire(parameters.key());
        stop.runBegins();
        try {
            return run(job, parameters, whenComplete);
        } catch (JobExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            lease.release();
            stop.runEnded();
        }
    }

    private RunOutcome run(JobSpec job, RunParameters parameters, WhenComplete whenComplete)
            throws JobExecutionException {
        long sequence = lastSequence(parameters);
        JobExecution last = sequence == 0 ? null : recovered(parameters, sequence);
        boolean complete = last != null && last.getStatus() == BatchStatus.COMPLETED;
        if (last != null
                && complete
                && whenComplete == WhenComplete.REPORT
                && !parameters.values().isEmpty()) {
            return finish.alreadyComplete(last);
        }
        JobParameters next = parameters.sequence(complete ? sequence + 1 : Math.max(1, sequence));
        events.expect(parameters.values(), last == null || complete ? RunEvent.Mode.NEW : RunEvent.Mode.RESUMED);
        return finish.ended(operator.start(jobs.create(job, events), next));
    }

    private static Map<String, String> texts(Map<String, ParameterValue> parameters) {
        Map<String, String> texts = new TreeMap<>();
        parameters.forEach((name, value) -> texts.put(name, value.text()));
        return texts;
    }

    /** The last execution of a run, after whatever a dead process left of it was made restartable; null if it has none. */
    private @Nullable JobExecution recovered(RunParameters parameters, long sequence) {
        JobInstance instance = repository.getJobInstance(parameters.job(), parameters.sequence(sequence));
        if (instance == null) {
            return null;
        }
        List<JobExecution> executions = repository.getJobExecutions(instance);
        if (executions.isEmpty()) { // the process died between the two; Spring Batch would refuse it for ever
            repository.deleteJobInstance(instance);
            return null;
        }
        executions.forEach(new RecoverRun(repository)::recover);
        return repository.getLastJobExecution(instance);
    }

    /** The number of the newest run with these parameters, 0 where there is none. Numbers have no gaps, so doubling finds it. */
    private long lastSequence(RunParameters parameters) {
        long beyond = 1;
        while (exists(parameters, beyond)) {
            beyond *= 2;
        }
        long known = beyond / 2;
        while (beyond - known > 1) {
            long middle = (known + beyond) / 2;
            if (exists(parameters, middle)) {
                known = middle;
            } else {
                beyond = middle;
            }
        }
        return known;
    }

    private boolean exists(RunParameters parameters, long sequence) {
        return repository.getJobInstance(parameters.job(), parameters.sequence(sequence)) != null;
    }
}
