package io.modelbatch.run;

import io.modelbatch.run.claim.Claim;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * Makes a dead process's execution restartable. Only the holder of the run's claim may do this: the
 * execution works under that claim from then on. Unlike
 * {@code JobOperator.recover} it covers UNKNOWN too: whether an uncertain commit took place can be read from the
 * job repository now, for a partition's position is the sum of its committed shards.
 */
public final class RecoverRun {
    /** The cause of the failure of an execution whose process died. */
    public static final String CAUSE = "The process ended before the run did";

    private final JobRepository repository;
    private final Claim claim;

    /** Under that claim. */
    public RecoverRun(JobRepository repository, Claim claim) {
        this.repository = repository;
        this.claim = claim;
    }

    /** Makes an execution restartable that is open. */
    public void recover(JobExecution execution) {
        claim.giveTo(execution);
        LocalDateTime lastSign = lastSign(execution);
        for (StepExecution step : execution.getStepExecutions()) {
            if (isOpen(step.getStatus())) {
                step.setStatus(BatchStatus.FAILED);
                step.setEndTime(lastSign);
                repository.update(step);
            }
        }
        if (isOpen(execution.getStatus())) {
            execution.setStatus(BatchStatus.FAILED);
            execution.setEndTime(lastSign);
            execution.setExitStatus(new ExitStatus(ExitCode.FAILED.name(), CAUSE));
            repository.update(execution);
        }
    }

    /** True for an execution that was made restartable because its process died. */
    public static boolean isRecovered(JobExecution execution) {
        return execution.getStatus() == BatchStatus.FAILED
                && execution.getExitStatus().getExitDescription().equals(CAUSE);
    }

    /** Gives an execution up that does not run. */
    public void abandon(JobExecution execution) {
        claim.giveTo(execution);
        execution.setStatus(BatchStatus.ABANDONED);
        repository.update(execution);
    }

    /** The time at which the dead process last wrote something: nothing was done since then. */
    private static LocalDateTime lastSign(JobExecution execution) {
        return Stream.concat(
                        Stream.of(execution.getCreateTime(), execution.getLastUpdated()),
                        execution.getStepExecutions().stream().map(StepExecution::getLastUpdated))
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static boolean isOpen(BatchStatus status) {
        return status.isRunning() || status == BatchStatus.STOPPING || status == BatchStatus.UNKNOWN;
    }
}
