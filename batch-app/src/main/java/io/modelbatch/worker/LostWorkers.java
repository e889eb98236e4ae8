package io.modelbatch.worker;

import com.google.common.base.Stopwatch;
import io.modelbatch.run.Run;
import java.time.Duration;

/** Counts the workers that a dispatch lost, tells how many, and asks for machines that stay when the job says that they are too many. */
final class LostWorkers {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    private final Dispatch dispatch;
    private final PartitionQueue queue;
    private final Run run;
    private final Stopwatch sinceLook = Stopwatch.createStarted();
    private int lost;
    private boolean onDemand;

    LostWorkers(Dispatch dispatch, PartitionQueue queue, Run run) {
        this.dispatch = dispatch;
        this.queue = queue;
        this.run = run;
    }

    /** Looks once in a while. */
    void look() {
        if (sinceLook.elapsed().compareTo(BETWEEN_LOOKS) >= 0) {
            sinceLook.reset().start();
            count(queue.lostWorkers(dispatch));
        }
    }

    /** True if only workers whose machine stays take partitions of the dispatch. */
    boolean askedForOnDemand() {
        return onDemand;
    }

    void count(int now) {
        if (now == lost) {
            return;
        }
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
