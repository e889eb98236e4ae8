package io.modelbatch.worker;

import com.google.common.base.Stopwatch;
import com.google.common.base.Ticker;
import io.modelbatch.base.Interval;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Puts the partitions of workers that are gone back into the queue, within a minute. While the job repository is away, nobody can give a sign of life:
 * after that, each worker has the time to give one before it is missed. A worker may also have taken a partition without knowing it, where the
 * connection broke before the answer: it gives signs of life for what it executes.
 */
final class GoneWorkers implements DispatchWatch {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);
    /** Without a look, which there is each second otherwise. */
    private static final Duration AWAY = Duration.ofSeconds(5);

    private final Dispatch dispatch;
    private final PartitionQueue queue;
    private final Supplier<Set<PartitionTask>> executing;
    private final Interval looks;
    private final Stopwatch sinceLast;
    private final Stopwatch sinceAway;

    /** @param executing the partitions that this process executes itself, without signs of life */
    GoneWorkers(Dispatch dispatch, PartitionQueue queue, Supplier<Set<PartitionTask>> executing, Ticker ticker) {
        this.dispatch = dispatch;
        this.queue = queue;
        this.executing = executing;
        this.looks = new Interval(BETWEEN_LOOKS, ticker);
        this.sinceLast = Stopwatch.createStarted(ticker);
        this.sinceAway = Stopwatch.createStarted(ticker);
    }

    @Override
    public void look(PartitionQueue.Load load) {
        if (sinceLast.elapsed().compareTo(AWAY) > 0) {
            sinceAway.reset().start();
        }
        sinceLast.reset().start();
        if (sinceAway.elapsed().compareTo(WorkerRegister.GONE) > 0 && load.executing() > 0 && looks.isDue()) {
            queue.putBackGone(dispatch.id(), executing.get());
        }
    }
}
