package io.modelbatch.launch;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import io.modelbatch.report.RunReport;
import io.modelbatch.report.RunReports;
import io.modelbatch.run.ActiveRun;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunEvent;
import io.modelbatch.run.RunSummary;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the report of a run up to date while the run works: writes it soon after each step begins, and once a minute. Its own thread does
 * that, takes no lock of the run, and a report that cannot be written is left out. A process that lost the run writes none: the object is
 * replaced only if it still is what it was before the claim was looked at.
 */
final class KeepReport implements Consumer<RunEvent>, AutoCloseable {
    /** Short runs end before, and pay for one report alone. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final Duration BETWEEN = Duration.ofMinutes(1);
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final Logger log = LoggerFactory.getLogger(KeepReport.class);

    private final RunCatalog catalog;
    private final BuildReport build;
    private final RunReports reports;
    private final ActiveRun active;
    private final TypedCommand resume;
    private final AtomicBoolean soon = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1,
            new ThreadFactoryBuilder().setNameFormat("report").setDaemon(true).build());
    private volatile @Nullable String run;

    private KeepReport(
            RunCatalog catalog, BuildReport build, RunReports reports, ActiveRun active, TypedCommand resume) {
        this.catalog = catalog;
        this.build = build;
        this.reports = reports;
        this.active = active;
        this.resume = resume;
    }

    /** Begins to keep the report of a run. */
    static KeepReport of(
            ActiveRun run, TypedCommand resume, RunCatalog catalog, BuildReport build, RunReports reports) {
        KeepReport keep = new KeepReport(catalog, build, reports, run, resume);
        keep.timer.scheduleWithFixedDelay(keep::write, BETWEEN.toMillis(), BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
        run.events().add(keep);
        return keep;
    }

    /** Told what happens in the run. */
    @Override
    public void accept(RunEvent event) {
        if (event instanceof RunEvent.StepStarted started) {
            run = started.run();
            if (!timer.isShutdown() && soon.compareAndSet(false, true)) {
                timer.schedule(this::writeSoon, SOON.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void writeSoon() {
        soon.set(false);
        write();
    }

    private void write() {
        String name = run;
        if (name == null) {
            return;
        }
        try {
            Optional<RunSummary> summary = catalog.find(name);
            if (summary.isPresent()) {
                write(summary.get());
            }
        } catch (IOException | RuntimeException e) {
            log.warn("The report of {} could not be written; trying again in {}", name, BETWEEN, e);
        }
    }

    private void write(RunSummary summary) throws IOException {
        ObjectUri folder = catalog.folder(summary);
        Optional<StoredObject> before = reports.find(folder);
        RunReport report = build.of(summary, resume);
        if (active.claim().lease().isHeld()) {
            reports.replace(folder, report, before);
        }
    }

    /** Ends without an interrupt: one in the middle of a statement closes H2's file. Nothing is begun afterwards. */
    @Override
    public void close() {
        active.events().remove(this);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.shutdown();
        if (!Uninterruptibles.awaitTerminationUninterruptibly(timer, CLOSING)) {
            log.warn("A report of {} is still being written", run);
        }
    }
}
