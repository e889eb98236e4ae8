package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.report.ReportSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** SIGTERM, as a scheduler sends it: the run stops soon, says so, and the same command resumes. */
class StopIT {
    private static final String TRAIN = """
            steps:
              - extract: { query: "SELECT line_id, text, category FROM shop.labelled_lines", key: line_id }
              - train:
                  model: gs://receipts-ml/models/base
                  task: text-classification
                  text: text
                  label: category
                  num-train-epochs: 1
                  per-device-train-batch-size: 16
                  save-steps: 50
              - publish: { to: gs://receipts-ml/models/categories }
            """;

    private static final int ROWS = 5_000;

    /** With {@code java -jar}, as it is typed. */
    @Test
    void aTrainingStopsAndGoesOn(@TempDir Path folder) throws Exception {
        assertThat(new CommandLine(folder).job("train", TRAIN).run("init").exit())
                .isZero();
        BatchProcess training = BatchProcess.startJar(folder, "job=train");
        training.awaitOutput("\"step-started\",\"run\":\"train-1\",\"step\":\"train\"");

        training.terminate();
        BatchProcess.Ended stopped = training.await();

        assertThat(stopped.exit()).as(stopped.output()).isIn(List.of(4, 143));
        assertThat(stopped.output())
                .contains("STOPPED", "\"command\":\"java -jar " + BatchProcess.JAR + " job=train\"");
        BatchProcess.Ended last = BatchProcess.run(folder, "job=train");
        assertThat(last.exit()).as(last.output()).isZero();
        assertThat(last.output()).contains("run-resumed").doesNotContain("\"step\":\"extract\"");
    }

    /** The rows of all blocks that were committed before the stop, and no others. */
    @Test
    void theReportOfAStoppedInferenceSaysWhatItAnswered(@TempDir Path folder) throws Exception {
        CommandLine shop =
                new CommandLine(folder).job("often", SmallShop.often(ROWS)).classifier("models/tiny");
        BatchProcess inference = BatchProcess.start(folder, "job=often");
        inference.awaitUntil("a block is committed", () -> hasRows(shop.bucket("results/all")));
        inference.terminate();
        BatchProcess.Ended stopped = inference.await();
        assertThat(stopped.exit()).as(stopped.output()).isEqualTo(4);

        Ended ended = shop.run("report", "--json");

        ReportSchema.requireValid(shop.bucket("modelbatch/runs"));
        JsonNode infer =
                JsonMapper.shared().readTree(ended.output()).path("steps").path(1);
        JsonNode figures = infer.path("figures");
        assertThat(infer.path("status").asString()).isEqualTo("STOPPED");
        assertThat(infer.path("rows").asLong()).isBetween(1L, ROWS - 1L);
        assertThat(figures.path("distributions")
                        .path("labels")
                        .valueStream()
                        .mapToLong(JsonNode::asLong)
                        .sum())
                .isEqualTo(infer.path("rows").asLong());
        assertThat(figures.has("rejects")).isFalse();
    }

    /** More than one object with rows: the first of them is committed. */
    private static boolean hasRows(Path result) throws IOException {
        if (!Files.isDirectory(result)) {
            return false;
        }
        try (var files = Files.list(result)) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count() > 1;
        }
    }

    @Test
    void aSecondStartIsRefusedAndStopEndsTheFirst(@TempDir Path folder) throws Exception {
        CommandLine shop = new CommandLine(folder).job("train", TRAIN.replace("epochs: 1", "epochs: 50"));
        assertThat(shop.run("init").exit()).isZero();
        BatchProcess training = BatchProcess.start(folder, "job=train");
        training.awaitOutput("\"step-started\",\"run\":\"train-1\",\"step\":\"train\"");

        BatchProcess.Ended second = BatchProcess.run(folder, "job=train");
        BatchProcess.Ended stop = BatchProcess.run(folder, "stop", "train-1");
        BatchProcess.Ended first = training.await();

        assertThat(second.exit()).as(second.output()).isEqualTo(5);
        assertThat(second.output()).contains("job=train is running: process ");
        assertThat(stop.exit()).as(stop.output()).isZero();
        assertThat(stop.output()).contains("train-1 is STOPPED");
        assertThat(first.exit()).as(first.output()).isEqualTo(4);
    }
}
