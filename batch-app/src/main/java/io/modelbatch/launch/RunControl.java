package io.modelbatch.launch;

import io.modelbatch.run.RecoverRun;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunName;
import io.modelbatch.run.RunParameters;
import io.modelbatch.run.RunSummary;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.RunHeldException;
import io.modelbatch.run.claim.RunLease;
import java.time.Duration;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.JobRepository;

/** Actions of an operator on a run that another process works on, or worked on. */
public final class RunControl {
    /** A run is gone within ten seconds after it was told to stop, and it looks every other second. */
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(15);

    private final JobRepository repository;
    private final RunCatalog catalog;
    private final Claims claims;

    RunControl(JobRepository repository, RunCatalog catalog, Claims claims) {
        this.repository = repository;
        this.catalog = catalog;
        this.claims = claims;
    }

    /**
     * Asks the process that works on a run to stop it, and waits for its end.
     *
     * @return the run as it is then
     * @throws RunRefusedException when no process works on it, or it does not end in time
     */
    public RunSummary stop(String run) {
        String key = key(run(run));
        if (!claims.isHeld(key) || !claims.askToStop(key)) {
            throw new RunRefusedException(run + " is not running: it is " + run(run).status());
        }
        long end = System.nanoTime() + STOPS_WITHIN.toNanos();
        while (claims.isHeld(key)) {
            if (System.nanoTime() - end > 0) {
                throw new RunRefusedException(
                        run + " was asked to stop, and has not ended within " + STOPS_WITHIN.toSeconds()
                                + " seconds; its process may hang. End that process; the run stays resumable");
            }
            Claims.pause();
        }
        return run(run);
    }

    /**
     * Gives a run up for good: the next command of its job and parameters starts a new one.
     *
     * @throws RunRefusedException when it is complete
     * @throws RunHeldException when a process works on it
     */
    public RunSummary abandon(String run) {
        return change(run, BatchStatus.ABANDONED);
    }

    /**
     * Makes what a dead process left open, or what nobody knows the outcome of, a failed run that can be resumed. Starting the job
     * does that too; this only tells the truth before.
     *
     * @throws RunRefusedException when it is complete or was abandoned
     * @throws RunHeldException when a process works on it
     */
    public RunSummary recover(String run) {
        return change(run, BatchStatus.FAILED);
    }

    private RunSummary change(String run, BatchStatus status) {
        RunSummary summary = run(run);
        try (RunLease lease = RunLease.take(claims, key(summary), Duration.ZERO, () -> {})) {
            JobExecution last = last(run);
            if (last.getStatus() == BatchStatus.COMPLETED || last.getStatus() == BatchStatus.ABANDONED) {
                throw new RunRefusedException(run + " is " + last.getStatus() + " and cannot change");
            }
            RecoverRun recovery = new RecoverRun(repository, lease.claim());
            recovery.recover(last);
            if (status == BatchStatus.ABANDONED) {
                recovery.abandon(last);
            }
        }
        return run(run);
    }

    private RunSummary run(String name) {
        return catalog.find(name)
                .orElseThrow(() -> new RunRefusedException("There is no run " + name + "; 'status' lists the runs"));
    }

    private JobExecution last(String run) {
        JobInstance instance = repository.getJobInstance(RunName.instance(run).orElseThrow());
        JobExecution last = instance == null ? null : repository.getLastJobExecution(instance);
        if (last == null) {
            throw new RunRefusedException("There is no run " + run);
        }
        return last;
    }

    /** Names it together with all runs of the same job and parameters, of which only one may be worked on. */
    static String key(RunSummary run) {
        return new RunParameters(run.job(), run.parameters()).key();
    }
}
