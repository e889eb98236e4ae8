package io.modelbatch.run;

import com.google.common.base.Ticker;
import io.modelbatch.facts.Facts;
import io.modelbatch.facts.TrainingProgress;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.ResultGuard;
import io.modelbatch.run.claim.ResultMarkers;
import io.modelbatch.run.claim.RunClaim;
import io.modelbatch.run.claim.RunHeldException;
import io.modelbatch.run.claim.RunLease;
import io.modelbatch.run.claim.TargetClaims;
import io.modelbatch.store.ObjectUri;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.batch.core.job.JobExecution;

/** The runs that this process manages at the moment. */
public final class ActiveRuns implements Runs {
    private final Claims claims;
    private final TargetClaims targets;
    private final Supplier<ResultMarkers> markers;
    private final Supplier<RunLog> logs;
    private final Set<ActiveRun> active = ConcurrentHashMap.newKeySet();
    private final Map<Long, ActiveRun> byExecution = new ConcurrentHashMap<>();
    private final Map<Long, Run> elsewhere = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param markers makes those of a run
     * @param logs makes that of a run
     */
    public ActiveRuns(Claims claims, TargetClaims targets, Supplier<ResultMarkers> markers, Supplier<RunLog> logs) {
        this.claims = claims;
        this.targets = targets;
        this.markers = markers;
        this.logs = logs;
    }

    /**
     * Takes a run. To be closed by the same thread.
     *
     * @param key {@link RunParameters#key()}
     * @param patience how long to wait for another process that holds it
     * @param listener told what happens
     * @throws RunHeldException when another process, or another run of this one, holds it to the end
     */
    public ActiveRun take(String key, Duration patience, Consumer<RunEvent> listener) {
        StopRequest stop = new StopRequest();
        RunEvents events = new RunEvents(Ticker.systemTicker(), listener);
        RunLog log = logs.get();
        RunLease lease;
        try {
            lease = RunLease.take(claims, key, patience, stop::request);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
        ActiveRun run = new ActiveRun(this, new RunClaim(lease, targets, markers.get()), stop, events, log);
        active.add(run);
        stop.whenRequested(events::stops);
        return run;
    }

    /** The run that an execution works for; for a worker, one that another process manages. */
    @Override
    public Run of(JobExecution execution) {
        ActiveRun run = byExecution.get(execution.getId());
        return run == null
                ? elsewhere.computeIfAbsent(execution.getId(), id -> new ManagedElsewhere(new StopRequest()))
                : run;
    }

    /** This process executes nothing more of a run that another process manages. */
    public void leaves(JobExecution execution) {
        elsewhere.remove(execution.getId());
    }

    /** All of them. */
    public Set<ActiveRun> all() {
        return Set.copyOf(active);
    }

    void begins(ActiveRun run, JobExecution execution) {
        byExecution.put(execution.getId(), run);
    }

    void ended(ActiveRun run) {
        active.remove(run);
        byExecution.values().removeIf(run::equals);
    }

    /** A run of which this process executes partitions alone: their progress is read from the job repository, and they publish nothing. */
    private record ManagedElsewhere(StopRequest stop) implements Run {
        @Override
        public StepProgress progress() {
            return new NoProgress();
        }

        @Override
        public OptionalInt spotFallbackAfter() {
            return OptionalInt.empty();
        }

        @Override
        public ResultGuard results() {
            return ManagedElsewhere::refuse;
        }

        private static void refuse(ObjectUri folder) {
            throw new IllegalStateException(folder + " is published by the process that manages the run");
        }
    }

    private record NoProgress() implements StepProgress {
        @Override
        public void stage(String step, String words) {}

        @Override
        public void rows(String step, long done, long total) {}

        @Override
        public void workers(String step, int workers, int partitions) {}

        @Override
        public void warns(String message) {}

        @Override
        public void training(String step, TrainingProgress progress) {}

        @Override
        public void output(String step, String line) {}

        @Override
        public void progressBar(String step, String line) {}

        @Override
        public void result(String step, Facts facts) {}
    }
}
