package io.modelbatch.worker;

import com.google.common.base.Stopwatch;
import com.google.common.base.Ticker;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.modelbatch.worker.WorkerSource.Machines;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a source for workers while partitions of a dispatch wait and no worker is there. Where none comes, it asks again. */
final class CallForWorkers implements QueuedPartitions.OwnWorker {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
    /** Workers of an earlier step, or of another run, take partitions within that time. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** A machine that is made for a worker takes minutes. */
    private static final Duration UNTIL_THEY_COME = Duration.ofMinutes(10);

    private static final Logger log = LoggerFactory.getLogger(CallForWorkers.class);

    private final LongFunction<WaitingPartitions> partitions;
    private final WorkerSource source;
    private final Ticker ticker;

    CallForWorkers(LongFunction<WaitingPartitions> partitions, WorkerSource source, Ticker ticker) {
        this.partitions = partitions;
        this.source = source;
        this.ticker = ticker;
    }

    @Override
    public QueuedPartitions.OwnWorker.Started start(Dispatch dispatch) {
        ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(new ThreadFactoryBuilder()
                .setNameFormat("call-for-workers")
                .setDaemon(true)
                .build());
        Looks of = new Looks(dispatch);
        looks.scheduleWithFixedDelay(of::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        return looks::shutdownNow;
    }

    /** The looks at a dispatch, one after the other. */
    final class Looks {
        private final Dispatch dispatch;
        private final Stopwatch lacking = Stopwatch.createUnstarted(ticker);
        private Machines wanted = Machines.ANY;
        private @Nullable Stopwatch sinceCall;

        Looks(Dispatch dispatch) {
            this.dispatch = dispatch;
        }

        /** Never fails: the run waits for workers in any case. */
        void look() {
            try {
                WaitingPartitions now = partitions.apply(dispatch.id());
                if (now.machines() != wanted) {
                    wanted = now.machines();
                    sinceCall = null;
                }
                if (!now.lackWorkers()) {
                    lacking.reset();
                } else if (!lacking.isRunning()) {
                    lacking.start();
                } else if (lacking.elapsed().compareTo(PATIENCE) >= 0
                        && (sinceCall == null || sinceCall.elapsed().compareTo(UNTIL_THEY_COME) >= 0)) {
                    sinceCall = Stopwatch.createStarted(ticker);
                    source.start(wanted);
                    log.info("Step {} asked for workers ({})", dispatch.step(), wanted);
                }
            } catch (IOException e) {
                log.warn("Step {} asked for workers in vain; it asks again in {}", dispatch.step(), UNTIL_THEY_COME, e);
            } catch (RuntimeException e) {
                // A failure, such as a job repository that is away, must not end the looks.
                log.warn("Step {} cannot see its partitions; it looks again", dispatch.step(), e);
            }
        }
    }
}
