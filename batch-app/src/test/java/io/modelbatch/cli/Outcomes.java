package io.modelbatch.cli;

import io.modelbatch.launch.NextCommand;
import io.modelbatch.launch.ReportFiles;
import io.modelbatch.launch.RunOutcome;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunSummary;
import io.modelbatch.run.RunSummary.StepSummary;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs of a prediction, as they end. */
final class Outcomes {
    static final ReportFiles REPORT = new ReportFiles(
            "local/buckets/modelbatch/runs/predict-1/report.json",
            "local/buckets/modelbatch/runs/predict-1/report.html");
    static final String LOG = "local/logs/predict-1.log";
    static final String CAUSE = "Table shop.lines is missing";
    static final String RESUME = "java -jar batch.jar job=predict day=2026-03-31";

    private Outcomes() {}

    static RunOutcome completed() {
        return new RunOutcome(
                ExitCode.COMPLETED,
                run("COMPLETED", step("extract", 20_000, 0), step("infer", 19_990, 10), step("publish", 0, 0)),
                Optional.of(REPORT),
                Optional.of(LOG),
                Optional.empty(),
                List.of(),
                true);
    }

    static RunOutcome completeAlready() {
        return new RunOutcome(
                ExitCode.COMPLETED,
                run("COMPLETED", step("extract", 20_000, 0)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false);
    }

    static RunOutcome failed() {
        return new RunOutcome(
                ExitCode.FAILED,
                run("FAILED", step("extract", 0, 0)),
                Optional.empty(),
                Optional.of(LOG),
                Optional.of(CAUSE),
                List.of(new NextCommand("Resume", RESUME)),
                true);
    }

    static StepSummary step(String name, long rows, long rejected) {
        return new StepSummary(name, "COMPLETED", rows, rejected, 1, 0, 2);
    }

    private static RunSummary run(String status, StepSummary... steps) {
        Instant started = Instant.parse("2026-03-31T07:24:22Z");
        return new RunSummary(
                "predict-1",
                "predict",
                status,
                Map.of("day", "2026-03-31"),
                started,
                started.plusSeconds(6),
                null,
                6,
                0,
                null,
                null,
                null,
                List.of(steps));
    }
}
