package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Metrics and traces of runs, as collectors receive them. */
class ObservabilityTest {
    @TempDir
    private Path folder;

    @Test
    void countsTheRowsOfARun() throws IOException {
        ScrapedRun run = ScrapedRun.of(SmallShop.open(folder), "job=predict", "day=2026-01-02");

        assertThat(run.ended().exit()).as(run.ended().words()).isZero();
        assertThat(run.page())
                .contains("modelbatch_rows_total{job_name=\"predict\",step=\"infer\"} 3.0")
                .contains("modelbatch_step_rows{job_name=\"predict\",step=\"infer\"} 3.0")
                .contains("modelbatch_run_restarts{job_name=\"predict\"} 0.0")
                .contains("spring_batch_step_name=\"infer\"")
                .doesNotContain("infer:");
    }

    /** A run that lasts seconds is over before anybody scrapes it: what it did is sent at its end. */
    @Test
    void sendsWhatAShortRunDidAtItsEnd() throws IOException {
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            CommandLine.Ended run = SmallShop.open(folder)
                    .run("job=predict", "day=2026-01-02", "--modelbatch.otlp.endpoint=" + receiver.address());

            assertThat(run.exit()).as(run.words()).isZero();
            assertThat(receiver.last())
                    .containsEntry("modelbatch.rows{job.name=predict,step=infer}", 3.0)
                    .containsEntry("modelbatch.rows.rejected{job.name=predict,step=infer}", 0.0);
            assertThat(receiver.last())
                    .containsEntry("modelbatch.run.exit.code{job.name=predict}", 0.0)
                    .containsEntry("modelbatch.run.active{job.name=predict}", 0.0);
            assertThat(receiver.resource())
                    .containsEntry("service.name", "modelbatch")
                    .containsKey("service.instance.id");
        }
    }

    @Test
    void tellsHowARunFailedAndThatItWasStartedAgain() throws IOException {
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            CommandLine shop = SmallShop.open(folder);
            String[] words = {"job=predict", "day=2026-01-02", "--modelbatch.otlp.endpoint=" + receiver.address()};
            Files.move(shop.bucket("models/tiny"), shop.bucket("models/moved"));
            assertThat(shop.run(words).exit()).isEqualTo(3);
            assertThat(receiver.last())
                    .containsEntry("modelbatch.run.exit.code{job.name=predict}", 3.0)
                    .containsEntry("modelbatch.run.success.timestamp{job.name=predict}", 0.0);

            Files.move(shop.bucket("models/moved"), shop.bucket("models/tiny"));
            assertThat(shop.run(words).exit()).isZero();
            assertThat(receiver.last())
                    .containsEntry("modelbatch.run.exit.code{job.name=predict}", 0.0)
                    .containsEntry("modelbatch.run.restarts{job.name=predict}", 1.0);
        }
    }

    @Test
    void sendsTheLastMetricsAfterSigterm() throws Exception {
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            SmallShop.open(folder).job("long", SmallShop.often(1_000_000));
            ProcessBuilder builder = PartitionProcess.java(
                            BatchApplication.class,
                            "job=long",
                            "--modelbatch.jobs=" + folder.resolve("job-configs"),
                            "--modelbatch.local.home=" + folder.resolve("local"))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output.log").toFile());
            builder.environment()
                    .putAll(Map.of(
                            "OTEL_EXPORTER_OTLP_ENDPOINT", receiver.address(),
                            "OTEL_EXPORTER_OTLP_HEADERS", "api-key=se%20cret",
                            "OTEL_METRIC_EXPORT_INTERVAL", "500"));
            Process run = builder.start();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> receiver.last().getOrDefault("modelbatch.rows{job.name=long,step=infer}", 0.0) > 0);
            run.destroy();

            assertThat(run.waitFor())
                    .as(Files.readString(folder.resolve("output.log")))
                    .isEqualTo(4);
            assertThat(receiver.last())
                    .containsEntry("modelbatch.run.exit.code{job.name=long}", 4.0)
                    .containsEntry("modelbatch.run.active{job.name=long}", 0.0);
            assertThat(receiver.headers("Api-key")).containsOnly(Optional.of("se cret"));
            try (Stream<Path> files = Files.walk(folder)) {
                assertThat(files.filter(Files::isRegularFile)
                                .filter(file -> file.toString().matches(".*\\.(log|json|html)")))
                        .isNotEmpty()
                        .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain("se cret", "se%20cret"));
            }
        }
    }

    @Test
    void printsEntriesOfCloudLogging() throws Exception {
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            CommandLine shop = SmallShop.open(folder);
            CommandLine.Ended run = shop.run(
                    "job=predict",
                    "day=2026-01-02",
                    "--modelbatch.logs=google",
                    "--modelbatch.gcp.project=shop",
                    "--modelbatch.otlp.endpoint=" + receiver.address());

            assertThat(run.exit()).as(run.words()).isZero();
            List<JsonNode> entries =
                    run.output().lines().map(JsonMapper.shared()::readTree).toList();
            assertThat(entries).isNotEmpty().allSatisfy(entry -> {
                assertThat(Instant.parse(entry.get("time").asString())).isBefore(Instant.now());
                assertThat(entry.get("severity").asString()).isEqualTo("INFO");
                assertThat(entry.get("message").asString()).isNotBlank();
                assertThat(entry.get("logging.googleapis.com/labels").get("run").asString())
                        .isEqualTo("predict-1");
                assertThat(entry.get("logging.googleapis.com/trace").asString())
                        .matches("projects/shop/traces/[0-9a-f]{32}");
            });
            assertThat(entries.stream()
                            .filter(entry -> entry.get("event").asString().equals("step-ended")))
                    .hasSize(3)
                    .anySatisfy(entry -> assertThat(entry.get("logging.googleapis.com/labels")
                                    .get("step")
                                    .asString())
                            .isEqualTo("infer"));

            Files.delete(shop.bucket("models/tiny/model.safetensors"));
            CommandLine.Ended failed = shop.run(
                    "job=predict", "day=2026-01-03", "--modelbatch.logs=google", "--modelbatch.gcp.project=shop");
            JsonNode end = JsonMapper.shared()
                    .readTree(failed.output()
                            .lines()
                            .toList()
                            .get((int) failed.output().lines().count() - 1));
            assertThat(end.get("severity").asString()).isEqualTo("ERROR");
            assertThat(end.get("message").asString()).contains("predict-2: ");
            assertThat(end.has("logging.googleapis.com/trace")).isFalse();
            assertThat(Files.readAllLines(folder.resolve("local/logs/batch.log")))
                    .extracting(JsonMapper.shared()::readTree)
                    .filteredOn(entry -> entry.get("severity").asString().equals("ERROR"))
                    .singleElement()
                    .satisfies(entry -> {
                        assertThat(entry.get("logging.googleapis.com/labels"))
                                .isEqualTo(JsonMapper.shared().readTree("{\"run\": \"predict-2\"}"));
                        assertThat(entry.get("stack_trace").asString()).contains("model.safetensors is missing");
                    });
        }
    }

    @Test
    void printsErrorsAsEntriesOfCloudLogging() {
        CommandLine.Ended wrong = SmallShop.open(folder).run("job=missing", "--modelbatch.logs=google");

        assertThat(wrong.exit()).isEqualTo(2);
        JsonNode entry = JsonMapper.shared().readTree(wrong.errors());
        assertThat(entry.get("severity").asString()).isEqualTo("ERROR");
        assertThat(entry.get("message").asString()).contains("missing");
        assertThat(SmallShop.open(folder).run("list", "--modelbatch.logs=gcp").errors())
                .contains("modelbatch.logs is neither plain nor google: 'gcp'");
    }

    @Test
    void aPortThatIsTakenDoesNotFailTheRun() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandLine.Ended run = SmallShop.open(folder)
                    .run("job=predict", "day=2026-01-02", "--modelbatch.metrics.listen=" + taken.getLocalPort());

            assertThat(run.exit()).as(run.words()).isZero();
            assertThat(run.output()).contains("There are no metrics at 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void anEndpointThatDoesNotAnswerDoesNotFailTheRun() {
        CommandLine.Ended run = SmallShop.open(folder)
                .run("job=predict", "day=2026-01-02", "--modelbatch.otlp.endpoint=http://127.0.0.1:1");

        assertThat(run.exit()).as(run.words()).isZero();
        assertThat(run.errors()).isEmpty();
    }

    @Test
    void refusesAddressesThatAreNone() {
        CommandLine.Ended run = SmallShop.open(folder)
                .run(
                        "job=predict",
                        "day=2026-01-02",
                        "--modelbatch.metrics.listen=localhost",
                        "--modelbatch.otlp.endpoint=http://me:secret@localhost:4318");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.errors())
                .contains("modelbatch.metrics.listen is 'localhost', which is not a port")
                .contains("modelbatch.otlp.endpoint is not an http or https address")
                .doesNotContain("secret");
    }
}
