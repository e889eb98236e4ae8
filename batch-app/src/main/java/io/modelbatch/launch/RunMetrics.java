package io.modelbatch.launch;

import io.modelbatch.run.ActiveRun;
import io.modelbatch.telemetry.Telemetry;

/** Metrics of the runs that this process manages. */
final class RunMetrics {
    private final Telemetry telemetry;

    RunMetrics(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /** A run begins. */
    void begins(ActiveRun run) {
        telemetry.start().forEach(run.events()::warns);
    }
}
