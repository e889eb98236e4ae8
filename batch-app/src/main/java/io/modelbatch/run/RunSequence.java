package io.modelbatch.run;

import io.modelbatch.run.claim.Claim;
import java.util.List;
import java.util.Optional;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.JobRepository;

/** The runs with the same parameters, which are numbered from 1 without gaps. Asked under their claim. */
public final class RunSequence {
    private final JobRepository repository;
    private final RecoverRun recover;

    /** Under that claim. */
    public RunSequence(JobRepository repository, Claim claim) {
        this.repository = repository;
        this.recover = new RecoverRun(repository, claim);
    }

    /**
     * The newest run.
     *
     * @param number its number; 1 where there is none
     * @param execution its last execution; empty where there is none
     */
    public record Newest(long number, Optional<JobExecution> execution) {}

    /** The newest run, after whatever a dead process left of it was made restartable. */
    public Newest newest(RunParameters parameters) {
        long number = number(parameters);
        return number == 0 ? new Newest(1, Optional.empty()) : new Newest(number, recovered(parameters, number));
    }

    private Optional<JobExecution> recovered(RunParameters parameters, long number) {
        JobInstance instance = repository.getJobInstance(parameters.job(), parameters.sequence(number));
        if (instance == null) {
            return Optional.empty();
        }
        List<JobExecution> executions = repository.getJobExecutions(instance);
        if (executions.isEmpty()) { // the process died between the two; Spring Batch would refuse it for ever
            repository.deleteJobInstance(instance);
            return Optional.empty();
        }
        executions.forEach(recover::recover);
        return Optional.ofNullable(repository.getLastJobExecution(instance));
    }

    /** Numbers have no gaps, so doubling finds the last; 0 where there is none. */
    private long number(RunParameters parameters) {
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

    private boolean exists(RunParameters parameters, long number) {
        return repository.getJobInstance(parameters.job(), parameters.sequence(number)) != null;
    }
}
