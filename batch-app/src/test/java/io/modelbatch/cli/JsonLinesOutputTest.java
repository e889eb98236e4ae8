package io.modelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.base.ManualTicker;
import io.modelbatch.launch.RunEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JsonLinesOutputTest {
    private final StringWriter written = new StringWriter();
    private final ManualTicker ticker = new ManualTicker();
    private Instant timeOfDay = Instant.parse("2026-03-29T00:59:59.123456Z");
    private final JsonLinesOutput output = new JsonLinesOutput(new PrintWriter(written), () -> timeOfDay, ticker);

    @Test
    void aLineHasItsTimeInMilliseconds() {
        output.accept(new RunEvent.StepStarted("predict-1", "infer"));

        assertThat(written)
                .hasToString("{\"time\":\"2026-03-29T00:59:59.123Z\",\"event\":\"step-started\","
                        + "\"run\":\"predict-1\",\"step\":\"infer\"}" + System.lineSeparator());
    }

    @Test
    void progressIsPrintedEveryTenSeconds() {
        output.accept(new RunEvent.StepStarted("predict-1", "infer"));
        for (int second = 1; second <= 35; second++) {
            ticker.pass(Duration.ofSeconds(1));
            output.accept(new RunEvent.Rows("predict-1", "infer", second, 100));
        }

        assertThat(progress()).isEqualTo(3);
        assertThat(written.toString()).contains("\"rows\":10,", "\"rows\":20,", "\"rows\":30,");
    }

    /** A machine's clock is set back, or it was asleep. */
    @Test
    void progressIsPrintedAlsoWhenTheTimeOfDayJumpsBack() {
        output.accept(new RunEvent.StepStarted("predict-1", "infer"));
        timeOfDay = timeOfDay.minus(Duration.ofHours(1));
        ticker.pass(Duration.ofSeconds(11));

        output.accept(new RunEvent.Rows("predict-1", "infer", 11, 100));

        assertThat(progress()).isEqualTo(1);
    }

    private long progress() {
        return written.toString()
                .lines()
                .filter(line -> line.contains("\"event\":\"progress\""))
                .count();
    }
}
