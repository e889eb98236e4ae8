package io.modelbatch.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.StepInterruptionPolicy;

/** The request to a run to stop. Long work asks for it often; an uncommitted block is dropped. */
public final class StopRequest implements StepInterruptionPolicy {
    private final List<Runnable> actions = new ArrayList<>();
    private volatile boolean requested;
    private volatile long requestedNanos;

    /** Asks every step to end soon, resumable. */
    public void request() {
        List<Runnable> first;
        synchronized (this) {
            first = requested ? List.of() : List.copyOf(actions);
            requestedNanos = requested ? requestedNanos : System.nanoTime();
            requested = true;
        }
        first.forEach(Runnable::run);
    }

    /** True if {@link #request} was called. */
    public boolean requested() {
        return requested;
    }

    /** The time since the first {@link #request}; zero when there was none. */
    public Duration elapsed() {
        return requested ? Duration.ofNanos(System.nanoTime() - requestedNanos) : Duration.ZERO;
    }

    /** Called once, with the first request: at once when there was one already. */
    public void whenRequested(Runnable action) {
        synchronized (this) {
            if (!requested) {
                actions.add(action);
                return;
            }
        }
        action.run();
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
