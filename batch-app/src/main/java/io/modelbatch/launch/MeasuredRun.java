package io.modelbatch.launch;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelbatch.base.Explained;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunEvent;
import io.modelbatch.run.claim.RunLease;
import io.modelbatch.telemetry.Measure;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A run whose metrics follow its events. */
final class MeasuredRun implements Consumer<RunEvent> {
    private static final int NOT_ENDED = -1;

    private final String job;
    private final MeterRegistry meters;
    private final RunCatalog catalog;
    private final InstantSource clock;
    private final Map<String, StepRows> steps = new ConcurrentHashMap<>();
    private final AtomicLong restarts = new AtomicLong();
    private volatile long progress;
    private volatile long succeeded;
    private volatile int exit = NOT_ENDED;

    /** Rows of a step. */
    private record StepRows(AtomicLong done, AtomicLong expected) {}

    MeasuredRun(String job, MeterRegistry meters, RunCatalog catalog, InstantSource clock) {
        this.job = job;
        this.meters = meters;
        this.catalog = catalog;
        this.clock = clock;
        progress = now();
    }

    /** Shows the metrics. */
    void register(RunLease lease) {
        long started = now();
        gauge(Measure.RUN_STARTED, () -> started);
        gauge(Measure.RUN_ACTIVE, () -> exit == NOT_ENDED ? 1 : 0);
        gauge(Measure.RUN_PROGRESS, () -> progress);
        gauge(Measure.RUN_SUCCEEDED, () -> succeeded);
        gauge(Measure.RUN_EXIT_CODE, () -> exit);
        gauge(Measure.RUN_RESTARTS, () -> restarts);
        gauge(Measure.CLAIM_AGE, () -> exit == NOT_ENDED ? lease.sinceRenewal().toMillis() / 1000.0 : 0);
    }

    private void gauge(Measure measure, Supplier<Number> value) {
        measure.gauge(meters, Measure.ofJob(job), value);
    }

    @Override
    public void accept(RunEvent event) {
        if (event instanceof RunEvent.Started started && started.mode() == RunEvent.Mode.RESUMED) {
            restarts.set(catalog.executions(started.run()) - 1);
        } else if (event instanceof RunEvent.Rows rows) {
            StepRows known = steps.computeIfAbsent(rows.step(), this::registered);
            known.done().set(rows.done());
            known.expected().set(rows.total());
        }
        if (!(event instanceof RunEvent.Waiting
                || event instanceof RunEvent.Warning
                || event instanceof RunEvent.Workers)) {
            progress = now();
        }
    }

    private StepRows registered(String step) {
        StepRows rows = new StepRows(new AtomicLong(), new AtomicLong());
        Measure.STEP_ROWS.gauge(meters, Measure.ofStep(job, step), rows::done);
        Measure.STEP_ROWS_EXPECTED.gauge(meters, Measure.ofStep(job, step), rows::expected);
        return rows;
    }

    /** The run ended. */
    void ended(ExitCode code) {
        if (code == ExitCode.COMPLETED) {
            succeeded = now();
        }
        exit = code.code();
    }

    /** The run ended with an exception. */
    void ended(RuntimeException failure) {
        ended(
                failure instanceof Explained explained
                        ? explained.remedy().map(ExitCode::after).orElse(ExitCode.FAILED)
                        : ExitCode.FAILED);
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
