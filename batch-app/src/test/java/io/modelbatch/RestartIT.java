package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, really killed: the same command resumes, and the result is that of a run that was never disturbed. */
class RestartIT {
    private static final long SEED = 20_261_124;
    private static final int KILLS = 5;

    /** Many commits, so that a kill meets a run in the middle. */
    private static final String TRAIN = """
            steps:
              - extract: { query: "SELECT line_id, text, category FROM shop.labelled_lines", key: line_id }
              - train:
                  model: gs://receipts-ml/models/base
                  task: text-classification
                  text: text
                  label: category
                  num-train-epochs: 1
                  learning-rate: 5e-4
                  per-device-train-batch-size: 16
                  save-steps: 20
              - evaluate: {}
              - publish: { to: gs://receipts-ml/models/categories }
            """;

    private static final String PREDICT = """
            parameters:
              date: { type: date }
            steps:
              - extract:
                  query: SELECT line_id, text FROM shop.receipt_lines WHERE purchased_on <= @date
                  key: line_id
                  partitions: 3
              - infer:
                  model: gs://receipts-ml/models/categories@latest
                  task: text-classification
                  text: text
                  to: gs://receipts-ml/predictions/${date}
                  block: { rows: 256 }
              - load: { table: shop.receipt_categories }
            """;

    @TempDir
    private static Path undisturbed;

    private static Duration trainTime = Duration.ZERO;
    private static Duration predictTime = Duration.ZERO;

    @BeforeAll
    static void runUndisturbed() throws Exception {
        writeJobs(undisturbed);
        trainTime = succeed(BatchProcess.run(undisturbed, "job=train"));
        predictTime = succeed(BatchProcess.run(undisturbed, "job=predict", "date=2026-12-31"));
    }

    @Test
    void aKilledTrainingEndsWithTheSameWeights(@TempDir Path folder) throws Exception {
        writeJobs(folder);

        killAtRandomMoments(folder, trainTime, "job=train");
        BatchProcess.Ended last = BatchProcess.run(folder, "job=train");

        assertThat(last.exit()).as(last.output()).isZero();
        assertThat(publishedWeights(folder)).hasSameBinaryContentAs(publishedWeights(undisturbed));
    }

    @Test
    void aKilledPredictionEndsWithTheSameRows(@TempDir Path folder) throws Exception {
        writeJobs(folder);
        copyModels(folder);

        killAtRandomMoments(folder, predictTime, "job=predict", "date=2026-12-31");
        BatchProcess.Ended last = BatchProcess.run(folder, "job=predict", "date=2026-12-31");

        assertThat(last.exit()).as(last.output()).isZero();
        assertSameRows(
                rows(folder, "local/buckets/receipts-ml/predictions/2026-12-31/*.parquet"),
                rows(undisturbed, "local/buckets/receipts-ml/predictions/2026-12-31/*.parquet"));
        assertSameRows(
                rows(folder, "local/warehouse/shop/receipt_categories.parquet"),
                rows(undisturbed, "local/warehouse/shop/receipt_categories.parquet"));
    }

    /** Each moment in the first quarter of what a whole run takes, so that five of them do not let it end. */
    private static void killAtRandomMoments(Path folder, Duration whole, String... command) throws Exception {
        Random random = new Random(SEED);
        for (int kill = 1; kill <= KILLS; kill++) {
            Duration delay = Duration.ofMillis(1_000 + (long) (random.nextDouble() * whole.toMillis() / 4));
            assertThat(BatchProcess.start(folder, command).killAfter(delay))
                    .as("kill " + kill + " met a run")
                    .isTrue();
        }
    }

    private static Duration succeed(BatchProcess.Ended ended) {
        assertThat(ended.exit()).as(ended.output()).isZero();
        return ended.time();
    }

    private static void writeJobs(Path folder) throws Exception {
        Path jobs = Files.createDirectories(folder.resolve("job-configs"));
        Files.writeString(jobs.resolve("train.yaml"), TRAIN);
        Files.writeString(jobs.resolve("predict.yaml"), PREDICT);
        succeed(BatchProcess.run(folder, "init"));
    }

    private static void copyModels(Path folder) throws IOException {
        Path models = Path.of("local", "buckets", "receipts-ml", "models", "categories");
        try (var files = Files.walk(undisturbed.resolve(models))) {
            for (Path file : files.toList()) {
                Path copy = folder.resolve(undisturbed.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static Path publishedWeights(Path folder) throws IOException {
        try (var files = Files.walk(folder.resolve("local/buckets/receipts-ml/models/categories"))) {
            return files.filter(file -> file.endsWith("model.safetensors"))
                    .reduce((one, other) -> {
                        throw new AssertionError("published twice: " + one + ", " + other);
                    })
                    .orElseThrow();
        }
    }

    private record Row(String label, double score) {}

    private static Map<String, Row> rows(Path folder, String files) throws SQLException {
        Map<String, Row> rows = new TreeMap<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet found =
                        statement.executeQuery("select line_id, label, score from '" + folder.resolve(files) + "'")) {
            while (found.next()) {
                Row before = rows.put(found.getString(1), new Row(found.getString(2), found.getDouble(3)));
                assertThat(before)
                        .as("row " + found.getString(1) + " occurs twice")
                        .isNull();
            }
        }
        return rows;
    }

    private static void assertSameRows(Map<String, Row> rows, Map<String, Row> expected) {
        assertThat(rows.keySet()).isEqualTo(expected.keySet());
        rows.forEach((key, row) -> {
            assertThat(row.label).as(key).isEqualTo(expected.get(key).label);
            assertThat(row.score).as(key).isCloseTo(expected.get(key).score, within(1e-5));
        });
    }
}
