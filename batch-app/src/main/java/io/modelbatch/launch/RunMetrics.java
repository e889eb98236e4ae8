package io.modelbatch.launch;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelbatch.run.ActiveRun;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.telemetry.Telemetry;
import io.modelbatch.telemetry.TraceParent;
import java.time.InstantSource;
import java.util.Optional;

/** Metrics of the runs that this process manages. */
final class RunMetrics {
    private final Telemetry telemetry;
    private final MeterRegistry meters;
    private final RunCatalog catalog;
    private final InstantSource clock;

    RunMetrics(Telemetry telemetry, MeterRegistry meters, RunCatalog catalog, InstantSource clock) {
        this.telemetry = telemetry;
        this.meters = meters;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** The span of this thread; empty without traces. */
    Optional<TraceParent> span() {
        return telemetry.isOn() ? TraceParent.current() : Optional.empty();
    }

    /** Begins to measure a run. */
    MeasuredRun begins(ActiveRun run, String job) {
        telemetry.start().forEach(run.events()::warns);
        MeasuredRun measured = new MeasuredRun(job, meters, catalog, clock);
        measured.register(run.claim().lease());
        run.events().add(measured);
        return measured;
    }
}
