package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.TableId;
import io.modelbatch.result.Manifest;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.opentest4j.AssertionFailedError;

/** The packaged jar with the shipped job files, their tables and buckets renamed. Run by the live test kit alone. */
@Isolated("'check' waits for seconds, not longer")
class LiveJobs {
    private static final int MOST_TRIES = 4;
    private static final Path SAMPLE = Path.of("src", "main", "resources", "sample", "local");
    private static final Path SHIPPED = Path.of("..", "job-configs").toAbsolutePath();

    @TempDir
    private Path folder;

    private final LivePlace place = LivePlace.inUse();
    private final String train = place.name().job("train");
    private final String predict = place.name().job("predict");

    @Test
    void the_shipped_jobs_run_and_are_pruned() throws Exception {
        LiveSeed seed = new LiveSeed(place);
        for (String table : List.of("receipt_lines", "labelled_lines")) {
            seed.csv(table, SAMPLE.resolve("warehouse/shop/" + table + ".csv").toAbsolutePath(), folder);
        }
        place.putAll("models/base", SAMPLE.resolve("buckets/receipts-ml/models/base"));
        Path jobs = Files.createDirectories(folder.resolve("jobs"));
        Files.writeString(jobs.resolve(predict + ".yaml"), placed("predict"));
        Files.writeString(
                jobs.resolve(train + ".yaml"),
                placed("train")
                        .replace("num-train-epochs: 8", "num-train-epochs: 1")
                        .replace("accuracy: 0.90", "accuracy: 0.01"));

        succeedInTime("check", "job=" + train);
        succeed("job=" + train);
        succeed("job=" + predict, "date=2026-12-31");

        assertThat(run("job=" + predict, "date=2026-12-31").output()).contains("is complete already");
        ObjectUri predictions = place.folder().child("predictions/2026-12-31");
        assertThat(Manifest.read(place.store(), predictions).rows()).isEqualTo(lines());
        assertThat(place.bigQuery()
                        .getTable(TableId.of(place.dataset(), "receipt_categories"))
                        .getNumRows())
                .isEqualTo(BigInteger.valueOf(lines()));

        succeed("prune", "older-than=0h", "delete=true");
    }

    private String placed(String job) throws IOException {
        return Files.readString(SHIPPED.resolve(job + ".yaml"))
                .replace("shop.", place.dataset() + ".")
                .replace("gs://receipts-ml/", place.folder() + "/");
    }

    private static long lines() throws Exception {
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var count = statement.executeQuery("select count(*) from (from '"
                        + SAMPLE.resolve("warehouse/shop/receipt_lines.csv") + "' limit " + LiveSeed.ROWS
                        + ") where purchased_on <= '2026-12-31'")) {
            count.next();
            return count.getLong(1);
        }
    }

    private void succeed(String... arguments) throws Exception {
        verify(run(arguments), arguments);
    }

    /** The same, once more where the command found this machine too busy to wait for all answers. */
    private void succeedInTime(String... arguments) throws Exception {
        BatchProcess.Ended ended = run(arguments);
        for (int tries = 1; tries < MOST_TRIES && ended.output().contains("no answer within"); tries++) {
            ended = run(arguments);
        }
        verify(ended, arguments);
    }

    private static void verify(BatchProcess.Ended ended, String... arguments) {
        if (ended.exit() != 0) {
            throw new AssertionFailedError(
                    "",
                    "exit code 0",
                    "'" + String.join(" ", arguments) + "' exits with " + ended.exit() + ": " + end(ended.output()));
        }
    }

    private static String end(String output) {
        List<String> lines = output.lines().toList();
        return String.join(" / ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
    }

    private BatchProcess.Ended run(String... arguments) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("SPRING_PROFILES_ACTIVE", "gcp");
        environment.put("MODELBATCH_JOBS", folder.resolve("jobs").toString());
        Map<String, String> properties = new HashMap<>(place.settings().endpoints());
        properties.put("project", place.project());
        properties.put("location", place.location());
        properties.put("dataset", place.dataset());
        properties.put("bucket", place.settings().bucket());
        properties.put("max-bytes", String.valueOf(LivePlace.MOST_BYTES));
        properties.forEach((name, value) ->
                environment.put("MODELBATCH_GCP_" + name.replace("-", "").toUpperCase(Locale.ROOT), value));
        return BatchProcess.start(Files.createDirectories(folder.resolve("work")), environment, arguments)
                .await();
    }
}
