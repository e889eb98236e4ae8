package io.modelbatch.run;

import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.ResultGuard;
import io.modelbatch.run.claim.RunClaim;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** A run that this process manages: its claim, its stop request, its events and its log, which end with it. */
public final class ActiveRun implements Run, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ActiveRun.class);

    private final ActiveRuns runs;
    private final RunClaim claim;
    private final StopRequest stop;
    private final RunEvents events;
    private final RunLog runLog;
    private final Set<Long> begun = ConcurrentHashMap.newKeySet();
    private volatile OptionalInt spotFallbackAfter = OptionalInt.empty();
    private final CountDownLatch ended = new CountDownLatch(1);

    ActiveRun(ActiveRuns runs, RunClaim claim, StopRequest stop, RunEvents events, RunLog runLog) {
        this.runs = runs;
        this.claim = claim;
        this.stop = stop;
        this.events = events;
        this.runLog = runLog;
    }

    /** Everything that this process holds for the run. */
    public RunClaim claim() {
        return claim;
    }

    @Override
    public StopRequest stop() {
        return stop;
    }

    /** Its events. */
    public RunEvents events() {
        return events;
    }

    @Override
    public StepProgress progress() {
        return events;
    }

    /** Its log. */
    public RunLog log() {
        return runLog;
    }

    @Override
    public OptionalInt spotFallbackAfter() {
        return spotFallbackAfter;
    }

    /** Sets the number of lost workers after which it asks for machines that stay. */
    public void fallBackAfter(OptionalInt lostWorkers) {
        spotFallbackAfter = lostWorkers;
    }

    @Override
    public ResultGuard results() {
        return claim.markers();
    }

    /** Lets an execution work for this run, under its claim. */
    public void begins(JobExecution execution) {
        claim.lease().claim().giveTo(execution);
        begun.add(execution.getId());
        runs.begins(this, execution);
    }

    /** True for an execution that began here, and not in an earlier process. */
    public boolean hasBegun(JobExecution execution) {
        return begun.contains(execution.getId());
    }

    /** False when the run has not ended in that time. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        try {
            claim.release();
        } catch (DataAccessException | TransactionException e) {
            log.warn(
                    "The lease of the run could not be released; it expires in {} seconds",
                    Claims.DURATION.toSeconds(),
                    e);
        } finally {
            runLog.close();
            runs.ended(this);
            ended.countDown();
        }
    }
}
