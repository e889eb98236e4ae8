package io.modelbatch.step;

import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.StepInterruptionPolicy;

/** The request to this process to stop. Long work looks at it often; an uncommitted block is dropped. */
public final class StopSignal implements StepInterruptionPolicy {
    private volatile boolean requested;

    /** Asks every step to end soon, resumable. */
    public void request() {
        requested = true;
    }

    /** True if {@link #request} was called. */
    public boolean requested() {
        return requested;
    }

    /** Ends the step between two chunks. A thread's interrupt counts as a request: Spring Batch alone would call it complete. */
    @Override
    public void checkInterrupted(StepExecution step) throws JobInterruptedException {
        if (requested || Thread.currentThread().isInterrupted()) {
            step.setTerminateOnly();
            throw new JobInterruptedException("stopped on request");
        }
    }
}
