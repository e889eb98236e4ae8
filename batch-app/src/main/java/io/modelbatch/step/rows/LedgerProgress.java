package io.modelbatch.step.rows;

import com.google.common.base.Stopwatch;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import io.modelbatch.run.StepProgress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DataAccessException;

/** Tells how many rows of a step are committed while its partitions are executed, wherever that is. It asks the ledger once a second at the most. */
final class LedgerProgress implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    /** For a twentieth of the time at the most, the database is asked. */
    private static final int PAUSES = 20;

    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(LedgerProgress.class);

    private final ShardLedger ledger;
    private final StepExecution manager;
    private final long total;
    private final StepProgress progress;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            new ThreadFactoryBuilder().setNameFormat("progress").setDaemon(true).build());
    private final Stopwatch sinceAnswer = Stopwatch.createStarted();
    private Duration pause = Duration.ZERO;
    private long told;

    private LedgerProgress(ShardLedger ledger, StepExecution manager, long total, StepProgress progress) {
        this.ledger = ledger;
        this.manager = manager;
        this.total = total;
        this.progress = progress;
    }

    /** Begins to tell the progress of a step with so many rows. */
    static LedgerProgress of(StepExecution manager, long total, ShardLedger ledger, StepProgress progress) {
        LedgerProgress telling = new LedgerProgress(ledger, manager, total, progress);
        telling.timer.scheduleWithFixedDelay(
                telling::tellUnlessAskedLately, BETWEEN.toMillis(), BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
        return telling;
    }

    /** At a fixed delay: what is scheduled once would still be waited for when the timer is shut down. */
    private void tellUnlessAskedLately() {
        if (sinceAnswer.elapsed().compareTo(pause) >= 0) {
            Stopwatch asking = Stopwatch.createStarted();
            tell();
            pause = pause(asking.elapsed());
            sinceAnswer.reset().start();
        }
    }

    /** The sum reads all blocks of the step, so a large ledger is asked less often. */
    static Duration pause(Duration asking) {
        Duration enough = asking.multipliedBy(PAUSES);
        return enough.compareTo(BETWEEN) > 0 ? enough : BETWEEN;
    }

    /** Tells the rows that are committed now, if that is another number. */
    synchronized void tell() {
        try {
            long rows = ledger.rows(manager);
            if (rows != told) {
                told = rows;
                progress.rows(manager.getStepName(), rows, total);
            }
        } catch (DataAccessException e) {
            log.debug("The progress of {} cannot be read", manager.getStepName(), e);
        }
    }

    /** Ends without an interrupt: one in the middle of a statement closes H2's file. Nothing is told afterwards, unless the database hangs. */
    @Override
    public void close() {
        timer.shutdown();
        if (!Uninterruptibles.awaitTerminationUninterruptibly(timer, CLOSING)) {
            log.warn("The query for the progress of {} was not answered", manager.getStepName());
        }
    }
}
