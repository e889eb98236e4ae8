package io.modelbatch.run;

import org.springframework.batch.core.job.JobExecution;

/** Finds the run that an execution works for. */
@FunctionalInterface
public interface Runs {
    /** That of an execution which has begun. */
    Run of(JobExecution execution);
}
