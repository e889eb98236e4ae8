package io.modelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
}
