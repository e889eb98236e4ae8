package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The messages of the verbs about a run whose process was killed. */
class DeadRunIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int USAGE = 2;
    private static final String TRAIN = """
            parameters:
              day: { type: date, default: 2026-03-31 }
            steps:
              - extract: { query: "SELECT line_id, text, category FROM shop.labelled_lines WHERE @day IS NOT NULL", key: line_id }
              - train:
                  model: gs://receipts-ml/models/base
                  task: text-classification
                  text: text
                  label: category
                  num-train-epochs: 50
                  save-steps: 5
            """;

    @Test
    void isSaidToBeDeadWithTheCommandThatResumesIt(@TempDir Path folder) throws Exception {
        CommandLine shop = new CommandLine(folder).job("train", TRAIN);
        assertThat(shop.run("init").exit()).isZero();
        BatchProcess process = BatchProcess.start(folder, "job=train");
        process.awaitOutput("\"event\":\"progress\"");
        JsonNode alive = run(shop).path("process");
        assertThat(process.killAfter(Duration.ZERO)).isTrue();

        JsonNode dead = run(shop);

        assertThat(alive.path("gone").asBoolean()).isFalse();
        assertThat(dead.path("process").path("gone").asBoolean()).isTrue();
        assertThat(dead.path("process").path("processId")).isEqualTo(alive.path("processId"));
        assertThat(dead.path("process").path("lastSeen").asString())
                .isGreaterThanOrEqualTo(alive.path("lastSeen").asString());
        assertThat(dead.path("seconds").asDouble()).isPositive();
        String gone = "rocess " + alive.path("processId").asLong() + " on "
                + alive.path("host").asString() + ", which ran it, has ended; it was last seen at 20";
        assertSays(shop.run("status"), 0, gone);
        assertSays(shop.run("stop", "train-1"), USAGE, "train-1 is not running: p" + gone);
        JsonNode report = JSON.readTree(shop.run("report", "train-1").output());
        assertThat(report.path("status").asString()).isEqualTo("STARTED");
        assertThat(report.path("process").path("processId")).isEqualTo(alive.path("processId"));
        assertThat(report.path("next").path(0).path("command").asString()).contains("job=train day=2026-03-31");

        assertThat(shop.run("recover", "train-1").output()).contains("train-1 is FAILED", "job=train day=2026-03-31");
        JsonNode recovered = run(shop);
        assertThat(recovered.path("cause").asString()).isEqualTo("The process ended before the run did");
        assertThat(recovered.path("seconds").asDouble())
                .isLessThan(dead.path("seconds").asDouble() + 3);
    }

    private static void assertSays(Ended ended, int exit, String words) {
        assertThat(ended.exit()).as(ended.words()).isEqualTo(exit);
        assertThat(ended.words())
                .contains(words, "Resume:", "java -jar batch.jar job=train day=2026-03-31 --modelbatch");
    }

    private static JsonNode run(CommandLine shop) {
        return JSON.readTree(shop.run("status", "--json").output()).path(0);
    }
}
