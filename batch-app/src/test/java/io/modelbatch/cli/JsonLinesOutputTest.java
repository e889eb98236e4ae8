package io.modelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.base.ManualTicker;
import io.modelbatch.run.RunEvent;
import io.modelbatch.telemetry.GoogleLog;
import io.modelbatch.telemetry.TraceParent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonLinesOutputTest {
    private final StringWriter written = new StringWriter();
    private final ManualTicker ticker = new ManualTicker();
    private Instant timeOfDay = Instant.parse("2026-03-29T00:59:59.123456Z");
    private final JsonLinesOutput output =
            new JsonLinesOutput(new PrintWriter(written), EventFormat.PLAIN, () -> timeOfDay, ticker);

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

    @Test
    void eachKindOfEventHasItsName() {
        output.accept(new RunEvent.Started("predict-1", Map.of("day", "2026-03-31"), RunEvent.Mode.NEW));
        output.accept(new RunEvent.Started("predict-1", Map.of(), RunEvent.Mode.RESUMED));
        output.accept(new RunEvent.Waiting("predict-1", "the job repository does not answer"));
        output.accept(new RunEvent.Stopping("predict-1"));
        output.accept(new RunEvent.Stage("predict-1", "infer", "loads gs://models/tiny"));
        output.accept(new RunEvent.StepEnded("predict-1", "infer", "COMPLETED", 7, 0.5));
        output.accept(new RunEvent.Warning("predict-1", "nobody was told"));

        assertThat(events())
                .extracting(event -> event.path("event").asString())
                .containsExactly("run-started", "run-resumed", "waiting", "stopping", "stage", "step-ended", "warning");
        assertThat(events().get(6).path("message").asString()).isEqualTo("nobody was told");
        assertThat(events().get(0).path("parameters").path("day").asString()).isEqualTo("2026-03-31");
        assertThat(events().get(2).path("reason").asString()).isEqualTo("the job repository does not answer");
        assertThat(events().get(4).path("stage").asString()).isEqualTo("loads gs://models/tiny");
        assertThat(events().get(5).path("rows").asLong()).isEqualTo(7);
        assertThat(events().get(5).path("seconds").asDouble()).isEqualTo(0.5);
    }

    /** The thread that a signal comes on, and the one that prints the end, are in no trace. */
    @Test
    void allEntriesOfARunHaveItsTrace() {
        RunOutput entries = new JsonLinesOutput(
                new PrintWriter(written),
                EventFormat.of(Optional.of(new GoogleLog(Optional.empty()))),
                () -> timeOfDay,
                ticker);
        String trace = "0af7651916cd43dd8448eb211c80319c";

        new TraceParent("00-" + trace + "-b7ad6b7169203331-01")
                .during(() -> entries.accept(new RunEvent.StepStarted("predict-1", "infer")));
        entries.accept(new RunEvent.Stopping("predict-1"));
        entries.ended(Outcomes.failed());

        assertThat(events())
                .hasSize(3)
                .allSatisfy(entry -> assertThat(
                                entry.path("logging.googleapis.com/trace").asString())
                        .isEqualTo(trace));
    }

    @Test
    void theEndOfARunHasItsCountsAndItsExitCode() {
        output.ended(Outcomes.completed());

        JsonNode ended = events().get(0);
        assertThat(ended.path("event").asString()).isEqualTo("run-ended");
        assertThat(ended.path("exit").asInt()).isZero();
        assertThat(ended.path("rows").path("infer").asLong()).isEqualTo(19_990);
        assertThat(ended.path("rejected").propertyNames()).containsExactly("infer");
        assertThat(ended.path("report").asString()).isEqualTo(Outcomes.REPORT.data());
        assertThat(ended.path("page").asString()).isEqualTo(Outcomes.REPORT.page());
        for (String absent : List.of("log", "cause", "next")) {
            assertThat(ended.has(absent)).as(absent).isFalse();
        }
    }

    @Test
    void theEndOfARunThatFailedHasItsCauseItsLogAndTheCommandThatResumesIt() {
        output.ended(Outcomes.failed());

        JsonNode ended = events().get(0);
        assertThat(ended.path("exit").asInt()).isEqualTo(1);
        assertThat(ended.path("status").asString()).isEqualTo("FAILED");
        assertThat(ended.path("cause").asString()).isEqualTo(Outcomes.CAUSE);
        assertThat(ended.path("log").asString()).isEqualTo(Outcomes.LOG);
        assertThat(ended.path("next").path(0).path("command").asString()).isEqualTo(Outcomes.RESUME);
        assertThat(ended.has("rejected")).isFalse();
    }

    private List<JsonNode> events() {
        return written.toString().lines().map(JsonMapper.shared()::readTree).toList();
    }

    private long progress() {
        return written.toString()
                .lines()
                .filter(line -> line.contains("\"event\":\"progress\""))
                .count();
    }
}
