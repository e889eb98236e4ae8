package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.artifact.Manifest;
import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.artifact.google.StorageServer;
import io.modelbatch.source.google.ServedJob;
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

/** The packaged jar and the shipped job files, unchanged, in the environment {@code gcp}. */
class GoogleIT {
    private static final Path SAMPLE = Path.of("src", "main", "resources", "sample", "local");
    private static final Path JOBS = Path.of("..", "job-configs").toAbsolutePath();
    private static final Duration AT_MOST = Duration.ofSeconds(10);
    private static final int STOPPED = 4;

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
    void theShippedJobsRunUnchanged() throws Exception {
        BatchProcess.Ended check = run("check", "job=train");
        BatchProcess.Ended train = run("job=train");
        BatchProcess.Ended predict = run("job=predict", "date=2026-12-31");
        BatchProcess.Ended again = run("job=predict", "date=2026-12-31");

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
        google.bigQuery().jobsTake(Duration.ofMinutes(5));
        BatchProcess train = start("job=train");
        while (google.bigQuery().count(ServedJob.Kind.QUERY) == 0) {
            assertThat(train.isAlive()).isTrue();
            Thread.sleep(50);
        }

        Instant asked = Instant.now();
        train.terminate();
        BatchProcess.Ended stopped = train.await();

        assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_MOST);
        assertThat(stopped.exit()).as(stopped.output()).isEqualTo(STOPPED);
        assertThat(google.bigQuery().jobs()).allMatch(job -> job.failure().isPresent());

        google.bigQuery().jobsTake(Duration.ZERO);
        BatchProcess.Ended resumed = run("job=train");
        assertThat(resumed.exit()).as(resumed.output()).isZero();
        assertThat(resumed.output()).contains("run-resumed");
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

    private BatchProcess.Ended run(String... arguments) throws Exception {
        return start(arguments).await();
    }

    private BatchProcess start(String... arguments) throws Exception {
        Map<String, String> environment = google.environment();
        environment.put("MODELBATCH_JOBS", JOBS.toString());
        return BatchProcess.start(Files.createDirectories(folder.resolve("work")), environment, arguments);
    }
}
