package io.modelbatch.worker;

import com.google.common.base.Stopwatch;
import io.modelbatch.run.ActiveRuns;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.batch.core.step.StepExecution;

/** The partitions that a worker executes at the moment. */
final class PartitionsAtWork {
    private final ActiveRuns runs;
    private final Set<AtWork> all = ConcurrentHashMap.newKeySet();
    private final Stopwatch sinceLast = Stopwatch.createStarted();
    private volatile boolean stopping;

    private record AtWork(Dispatch dispatch, StepExecution partition) {}

    PartitionsAtWork(ActiveRuns runs) {
        this.runs = runs;
    }

    void begins(Dispatch dispatch, StepExecution partition) {
        AtWork begun = new AtWork(dispatch, partition);
        all.add(begun);
        if (stopping) {
            stop(begun);
        }
    }

    void ended(Dispatch dispatch, StepExecution partition) {
        all.remove(new AtWork(dispatch, partition));
        if (all.stream().noneMatch(other -> other.dispatch().equals(dispatch))) {
            runs.leaves(partition.getJobExecution());
        }
        synchronized (sinceLast) {
            sinceLast.reset().start();
        }
    }

    int number() {
        return all.size();
    }

    /** The time since the last one ended; zero while there is one. */
    Duration idle() {
        synchronized (sinceLast) {
            return all.isEmpty() ? sinceLast.elapsed() : Duration.ZERO;
        }
    }

    /** True when the worker ends: it executes no partition that it takes from now on. */
    boolean stopping() {
        return stopping;
    }

    /** Gives all up, between two commits, and those that are taken later. */
    void stop() {
        stopping = true;
        all.forEach(this::stop);
    }

    /** Stops those of these dispatches. */
    void stop(Set<Long> dispatches) {
        all.stream().filter(each -> dispatches.contains(each.dispatch().id())).forEach(this::stop);
    }

    private void stop(AtWork each) {
        runs.of(each.partition().getJobExecution()).stop().request();
    }
}
