package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes and one job repository in PostgreSQL, with all that can happen between them. */
class SharedRepositoryIT {
    private static final int ROWS = 10_000;
    private static final int STARTS = Integer.getInteger("starts", 2);
    private static final int RESETS = Integer.getInteger("resets", 10);
    private static final String AT_WORK = "\"step-started\",\"run\":\"predict-";

    private static final String PREDICT = """
            parameters:
              n: { type: int64 }
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines WHERE id < ROWS AND @n >= 0", key: id, partitions: 2 }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  to: gs://results/${n}
                  block: { rows: 50 }
              - load: { table: shop.answers }
            """;

    private static PostgresServer server;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeAll
    static void start(@TempDir Path data) {
        server = PostgresServer.start(data);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        try (var database = DriverManager.getConnection(server.url(), "postgres", "postgres");
                var statement = database.createStatement()) {
            statement.execute("drop schema public cascade; create schema public");
        }
        String lines =
                IntStream.range(0, ROWS).mapToObj(id -> id + ",milk " + id % 97).collect(Collectors.joining("\n"));
        shop = new CommandLine(folder)
                .job("predict", predict(ROWS))
                .table("shop.lines", "id,text\n" + lines + "\n")
                .classifier("models/tiny");
    }

    @Test
    void aRunGoesOnWhenTheServerIsBack() throws Exception {
        BatchProcess run = predict("n=1");
        run.awaitOutput(AT_WORK);
        // A step that commits nothing while the server is away need not notice it.
        run.awaitUntil("it committed a block", () -> shards() > 0);

        server.stop();
        Thread.sleep(Duration.ofSeconds(Integer.getInteger("outage", 4)).toMillis());
        server.startAgain();
        BatchProcess.Ended ended = run.await();

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("the job repository does not answer");
        assertWhole(1);
    }

    @Test
    void resetConnectionsCostNoRow() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(server.port())) {
            BatchProcess run = BatchProcess.start(
                    folder, PostgresServer.environment(PostgresServer.url(proxy.port())), "job=predict", "n=2");
            run.awaitOutput(AT_WORK);
            int resets = 0;
            for (int i = 0; i < RESETS && run.isAlive(); i++) {
                long committed = shards();
                resets += proxy.reset();
                // A run that commits nothing between five outages gives up, and on a busy machine no pause is long
                // enough.
                while (run.isAlive() && shards() == committed) {
                    Thread.sleep(50);
                }
            }
            BatchProcess.Ended ended = run.await();

            assertThat(resets).isPositive();
            assertThat(ended.exit()).as(ended.output()).isZero();
            assertWhole(2);
        }
    }

    private static long shards() throws SQLException {
        try (var database = DriverManager.getConnection(server.url(), "postgres", "postgres");
                var statement = database.createStatement();
                var count = statement.executeQuery("select count(*) from MODELBATCH_SHARD")) {
            count.next();
            return count.getLong(1);
        }
    }

    @Test
    void aProcessThatSleptBeyondItsLeaseWritesNothingMore() throws Exception {
        BatchProcess zombie = predict("n=3");
        zombie.awaitOutput(AT_WORK + "1\",\"step\":\"infer\"");
        zombie.signal("STOP");
        BatchProcess.Ended heir = predict("n=3", "wait=60s").await();
        List<Path> result = files(3);

        zombie.signal("CONT");
        BatchProcess.Ended ended = zombie.await();

        assertThat(heir.exit()).as(heir.output()).isZero();
        assertThat(ended.exit()).as(ended.output()).isEqualTo(5);
        assertThat(ended.output()).contains("Another process took over job=predict n=3");
        assertThat(files(3)).isEqualTo(result);
        assertWhole(3);
    }

    @Test
    void aProgramOfAProcessThatSleptBeyondItsLeaseIsEnded() throws Exception {
        shop.job("count", """
                parameters:
                  n: { type: int64 }
                steps:
                  - command:
                      run: [sh, -c, "echo x >> tries; test $(wc -l < tries) -gt 1 && exit 0; echo working; sleep 600; echo ${n}"]
                """);
        Map<String, String> environment = PostgresServer.environment(server.url());
        BatchProcess zombie = BatchProcess.start(folder, environment, "job=count", "n=1");
        zombie.awaitOutput("\"line\":\"working\"");
        zombie.signal("STOP");

        BatchProcess.Ended heir = BatchProcess.start(folder, environment, "job=count", "n=1", "wait=60s")
                .await();
        zombie.signal("CONT");
        BatchProcess.Ended ended = zombie.await();

        assertThat(heir.exit()).as(heir.output()).isZero();
        assertThat(heir.output()).contains("that an earlier execution left");
        assertThat(ended.exit()).as(ended.output()).isEqualTo(5);
        assertThat(ended.output()).contains("Another process took over job=count n=1");
    }

    @Test
    void ofTwoStartsOneRuns() throws Exception {
        shop.job("predict", predict(100));
        for (int n = 1; n <= STARTS; n++) {
            BatchProcess one = predict("n=" + n);
            BatchProcess other = predict("n=" + n);
            List<BatchProcess.Ended> both = List.of(one.await(), other.await());

            assertThat(both)
                    .extracting(BatchProcess.Ended::exit)
                    .as(both.toString())
                    .contains(0)
                    .isSubsetOf(0, 5);
            assertThat(both.stream().filter(ended -> ended.output().contains("run-started")))
                    .as(both.toString())
                    .hasSize(1);
        }
    }

    @Test
    void aSecretStaysOne() throws Exception {
        shop.job("predict", predict(100)).job("broken", predict(100).replace("gs://models/tiny", "gs://models/tidy"));
        Map<String, String> environment = new HashMap<>(server.environment());
        environment.put("SPRING_DATASOURCE_URL", server.url() + "?password=canary-1");
        environment.put("SPRING_DATASOURCE_PASSWORD", "canary-2");
        StringBuilder said = new StringBuilder();
        for (String command : List.of("job=predict n=1", "job=broken n=1", "status --json", "report")) {
            String[] words = (command + " --spring.datasource.password=canary-3").split(" ");
            said.append(BatchProcess.start(folder, environment, words).await().output());
        }
        environment.put("SPRING_DATASOURCE_URL", PostgresServer.url(1) + "?password=canary-4");
        BatchProcess.Ended refused =
                BatchProcess.start(folder, environment, "status").await();
        said.append(refused.output());

        assertThat(refused.exit()).as(refused.output()).isEqualTo(1);
        assertThat(said)
                .contains("predict-1 COMPLETED", "broken-2 FAILED", "The job repository")
                .doesNotContain("canary");
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("canary");
            }
        }
        assertThat(server.dump()).contains("predict").doesNotContain("canary");
    }

    private BatchProcess predict(String... arguments) throws IOException {
        List<String> words = new java.util.ArrayList<>(List.of("job=predict"));
        words.addAll(List.of(arguments));
        return BatchProcess.start(folder, server.environment(), words.toArray(String[]::new));
    }

    private static String predict(int rows) {
        return PREDICT.replace("ROWS", String.valueOf(rows));
    }

    private void assertWhole(int n) throws Exception {
        assertThat(folder.resolve("local/repository")).doesNotExist();
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var found = statement.executeQuery("select count(*), count(distinct id), min(id), max(id) from '"
                        + shop.bucket("results/" + n) + "/*.parquet'")) {
            found.next();
            assertThat(found.getLong(1)).isEqualTo(ROWS);
            assertThat(found.getLong(2)).isEqualTo(ROWS);
            assertThat(found.getLong(3)).isZero();
            assertThat(found.getLong(4)).isEqualTo(ROWS - 1);
        }
    }

    private List<Path> files(int n) throws IOException {
        try (var files = Files.list(shop.bucket("results/" + n))) {
            return files.sorted().toList();
        }
    }
}
