package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.result.Manifest;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.google.StorageServer;
import io.modelbatch.warehouse.google.ServedJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar and the shipped job files in the environment {@code gcp}. */
class GoogleIT {
    private static final Path SAMPLE = Path.of("src", "main", "resources", "sample", "local");
    private static final Path SHIPPED = Path.of("..", "job-configs").toAbsolutePath();
    private static final Duration AT_MOST = Duration.ofSeconds(10);
    private static final int STOPPED = 4;
    private static final String ROWS = """
            steps:
              - extract: { query: "SELECT line_id, text FROM shop.labelled_lines", key: line_id }
            """;

    @TempDir
    private Path folder;

    private StorageServer storage;
    private GoogleShop google;

    @BeforeEach
    void open() throws Exception {
        storage = StorageServer.start(folder.resolve("storage")).bucket("receipts-ml");
        GoogleShop.BUCKETS.forEach(storage::bucket);
        google = GoogleShop.open(folder, storage.address(), Map.of());
        for (String table : List.of("receipt_lines", "labelled_lines")) {
            google.bigQuery().table("shop", table, SAMPLE.resolve("warehouse/shop/" + table + ".csv"));
        }
        google.model("receipts-ml/models/base", SAMPLE.resolve("buckets/receipts-ml/models/base"));
    }

    @AfterEach
    void close() throws Exception {
        google.close();
        storage.close();
    }

    @Test
    void theShippedJobsRun() throws Exception {
        Path jobs = shippedWithAShortTraining();

        BatchProcess.Ended check = run(jobs, "check", "job=train");
        BatchProcess.Ended train = run(jobs, "job=train");
        BatchProcess.Ended predict = run(jobs, "job=predict", "date=2026-12-31");
        BatchProcess.Ended again = run(jobs, "job=predict", "date=2026-12-31");

        assertThat(check.exit()).as(check.output()).isZero();
        assertThat(train.exit()).as(train.output()).isZero();
        assertThat(predict.exit()).as(predict.output()).isZero();
        assertThat(again.output()).contains("is complete already");
        long rows = Manifest.read(google.store(), ObjectUri.parse("gs://receipts-ml/predictions/2026-12-31"))
                .rows();
        assertThat(rows).isEqualTo(lines()).isPositive();
        assertThat(google.bigQuery().rows("select count(*), count(distinct line_id) from shop.receipt_categories"))
                .containsExactly(List.of(rows, rows));
    }

    @Test
    void aSlowQueryIsCancelledByAStop() throws Exception {
        Path jobs = Files.createDirectories(folder.resolve("jobs"));
        Files.writeString(jobs.resolve("rows.yaml"), ROWS);
        google.bigQuery().jobsTake(Duration.ofMinutes(5));
        BatchProcess slow = start(jobs, "job=rows");
        while (google.bigQuery().count(ServedJob.Kind.QUERY) == 0) {
            assertThat(slow.isAlive()).isTrue();
            Thread.sleep(50);
        }

        Instant asked = Instant.now();
        slow.terminate();
        BatchProcess.Ended stopped = slow.await();

        assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_MOST);
        assertThat(stopped.exit()).as(stopped.output()).isEqualTo(STOPPED);
        assertThat(google.bigQuery().jobs()).allMatch(job -> job.failure().isPresent());

        google.bigQuery().jobsTake(Duration.ZERO);
        BatchProcess.Ended resumed = run(jobs, "job=rows");
        assertThat(resumed.exit()).as(resumed.output()).isZero();
        assertThat(resumed.output()).contains("run-resumed");
    }

    /** A model that learned for one epoch predicts as fast as one that is good. */
    private Path shippedWithAShortTraining() throws Exception {
        Path jobs = Files.createDirectories(folder.resolve("jobs"));
        Files.copy(SHIPPED.resolve("predict.yaml"), jobs.resolve("predict.yaml"));
        String train = Files.readString(SHIPPED.resolve("train.yaml"))
                .replace("num-train-epochs: 8", "num-train-epochs: 1")
                .replace("accuracy: 0.90", "accuracy: 0.10");
        Files.writeString(jobs.resolve("train.yaml"), train);
        return jobs;
    }

    private static long lines() throws Exception {
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var count = statement.executeQuery(
                        "select count(*) from '" + SAMPLE.resolve("warehouse/shop/receipt_lines.csv")
                                + "' where purchased_on <= '2026-12-31'")) {
            count.next();
            return count.getLong(1);
        }
    }

    private BatchProcess.Ended run(Path jobs, String... arguments) throws Exception {
        return start(jobs, arguments).await();
    }

    private BatchProcess start(Path jobs, String... arguments) throws Exception {
        Map<String, String> environment = google.environment();
        environment.put("MODELBATCH_JOBS", jobs.toString());
        return BatchProcess.start(Files.createDirectories(folder.resolve("work")), environment, arguments);
    }
}
