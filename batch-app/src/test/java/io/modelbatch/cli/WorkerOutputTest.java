package io.modelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.telemetry.GoogleLog;
import io.modelbatch.telemetry.TraceParent;
import io.modelbatch.worker.WorkerEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerOutputTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-04-01T03:00:00.5Z"));

    private final StringWriter printed = new StringWriter();

    @Test
    void theTimeOfALineIsThatOfTheEvent() {
        new WorkerOutput(new PrintWriter(printed), false, EventFormat.of(Optional.empty()), CLOCK)
                .accept(new WorkerEvent.Idle(300));

        assertThat(printed.toString())
                .contains("\"time\":\"2026-04-01T03:00:00.500Z\"", "\"event\":\"worker-idle\"", "\"seconds\":300");
    }

    @Test
    void aPersonReadsHowLong() {
        new WorkerOutput(new PrintWriter(printed), true, EventFormat.of(Optional.empty()), CLOCK)
                .accept(new WorkerEvent.Idle(300));

        assertThat(printed.toString()).contains("Nothing to do for 5:00");
    }

    /** A worker lives longer than the runs that it works for, and tells of each in its trace. */
    @Test
    void theTraceOfARunIsForgottenWithIt() {
        WorkerOutput output = new WorkerOutput(
                new PrintWriter(printed), false, EventFormat.of(Optional.of(new GoogleLog(Optional.empty()))), CLOCK);
        WorkerEvent taken = new WorkerEvent.Taken("predict-1", "infer:3");
        String trace = "0af7651916cd43dd8448eb211c80319c";

        new TraceParent("00-" + trace + "-b7ad6b7169203331-01").during(() -> output.accept(taken));
        output.accept(taken);

        assertThat(printed.toString().lines())
                .satisfiesExactly(
                        within -> assertThat(within).contains("\"logging.googleapis.com/trace\":\"" + trace + "\""),
                        after -> assertThat(after).doesNotContain("trace"));
    }
}
