package io.modelbatch.step;

import io.modelbatch.run.claim.ClaimLostException;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.job.SimpleJob;
import org.springframework.batch.core.job.StartLimitExceededException;
import org.springframework.batch.core.launch.JobRestartException;

/**
 * A job of steps, one after the other. What they kept to be resumed from is removed before the completion of the job is committed. Spring Batch tells
 * listeners that a job has ended after that commit: a crash between the two would leave it there for good.
 */
final class JobOfSteps extends SimpleJob {
    private static final Logger log = LoggerFactory.getLogger(JobOfSteps.class);

    private final Consumer<JobExecution> removeLeftovers;

    /** @param removeLeftovers called when all steps are complete; after a crash it is called again */
    JobOfSteps(String name, Consumer<JobExecution> removeLeftovers) {
        super(name);
        this.removeLeftovers = removeLeftovers;
    }

    @Override
    protected void doExecute(JobExecution execution)
            throws JobInterruptedException, JobRestartException, StartLimitExceededException {
        super.doExecute(execution);
        if (execution.getStatus() == BatchStatus.COMPLETED) {
            removeLeftovers(execution);
        }
    }

    private void removeLeftovers(JobExecution execution) {
        try {
            removeLeftovers.accept(execution);
        } catch (RuntimeException e) {
            if (ClaimLostException.isAmong(List.of(e))) {
                throw e;
            }
            log.warn("Not all that steps of job {} kept to be resumed from could be removed", getName(), e);
        }
    }
}
