package io.modelbatch.worker;

import io.micrometer.core.instrument.Counter;
import io.modelbatch.base.Interval;
import io.modelbatch.run.Run;
import java.time.Duration;

/** Counts the workers that a dispatch lost, tells how many, and asks for machines that stay when the job says that they are too many. */
final class LostWorkers implements DispatchWatch {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    private final Dispatch dispatch;
    private final PartitionQueue queue;
    private final PartitionHistory history;
    private final Run run;
    private final Counter counter;
    private final Interval looks = new Interval(BETWEEN_LOOKS);
    private int lost;
    private boolean onDemand;

    LostWorkers(Dispatch dispatch, PartitionQueue queue, PartitionHistory history, Run run, Counter counter) {
        this.dispatch = dispatch;
        this.queue = queue;
        this.history = history;
        this.run = run;
        this.counter = counter;
    }

    @Override
    public void look(PartitionQueue.Load load) {
        if (load.open() == 0 || looks.isDue()) {
            count(history.lostWorkers(dispatch));
        }
    }

    /** True if only workers whose machine stays take partitions of the dispatch. */
    boolean askedForOnDemand() {
        return onDemand;
    }

    private void count(int now) {
        if (now == lost) {
            return;
        }
        counter.increment(now - lost);
        lost = now;
        if (!onDemand
                && run.spotFallbackAfter().isPresent()
                && lost >= run.spotFallbackAfter().getAsInt()) {
            onDemand = true;
            queue.askForOnDemand(dispatch.id());
        }
        run.progress()
                .warns("Step " + dispatch.step() + " has lost " + lost + (lost == 1 ? " worker" : " workers")
                        + " so far; others resume their partitions"
                        + (onDemand ? ". It asks for machines that stay (resources.spot.fallback-after)" : ""));
    }
}
