package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Metrics and traces of a manager and its worker, each a process, as one collector receives them. */
class FleetTelemetryIT {
    private static final int ROWS = 200;

    @Test
    void aRunIsOneTraceOverAllItsProcesses(@TempDir Path folder) throws Exception {
        CommandLine shop = new CommandLine(folder)
                .job("predict", """
                        steps:
                          - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: 4 }
                          - infer: { model: "gs://models/tiny", task: text-classification, text: text, to: "gs://results/all" }
                        """)
                .table("shop.lines", SmallShop.lines(ROWS))
                .classifier("models/tiny");
        try (OtlpReceiver receiver = OtlpReceiver.start();
                Fleet fleet = new Fleet(folder, PostgresServer.sharedDatabase())) {
            String endpoint = "--modelbatch.otlp.endpoint=" + receiver.address();
            Fleet.Member manager = fleet.manager("remote", "job=predict", endpoint);
            fleet.until("select coalesce(sum(WAITING), 0) from MODELBATCH_QUEUE", 4);
            Fleet.Member worker = fleet.worker("--idle=3s", endpoint, "--modelbatch.logs=google");

            assertThat(manager.await()).as(fleet.output()).isZero();
            assertThat(worker.await()).as(fleet.output()).isZero();
            assertThat(shop.bucket("results/all/manifest.json")).exists();

            List<OtlpReceiver.Sent> spans = receiver.spans();
            assertThat(spans.stream().map(sent -> sent.span().getTraceId()).distinct())
                    .hasSize(1);
            OtlpReceiver.Sent job = spans.stream()
                    .filter(sent -> sent.span().getParentSpanId().isEmpty())
                    .reduce((one, other) -> {
                        throw new AssertionError("two roots");
                    })
                    .orElseThrow();
            assertThat(job.attribute("spring.batch.job.name")).isEqualTo("predict");
            List<OtlpReceiver.Sent> partitions = spans.stream()
                    .filter(sent -> sent.attribute("spring.batch.step.name").startsWith("infer:"))
                    .toList();
            assertThat(partitions).hasSize(4).allSatisfy(partition -> {
                assertThat(partition.process()).isNotEqualTo(job.process());
                assertThat(partition.span().getParentSpanId())
                        .isEqualTo(job.span().getSpanId());
            });
            assertThat(receiver.last())
                    .containsEntry("modelbatch.rows{job.name=predict,step=infer}", (double) ROWS)
                    .containsEntry("modelbatch.step.rows{job.name=predict,step=infer}", (double) ROWS)
                    .containsEntry("modelbatch.queue.waiting{device=any,job.name=predict}", 0.0)
                    .containsEntry("modelbatch.queue.oldest{device=any,job.name=predict}", 0.0)
                    .containsEntry("modelbatch.workers.lost{job.name=predict,step=infer}", 0.0)
                    .containsEntry("modelbatch.workers{device=cpu}", 1.0);
            assertThat(entries(worker, "partition-taken", "partition-ended"))
                    .hasSize(8)
                    .allSatisfy(entry -> {
                        assertThat(entry.get("logging.googleapis.com/trace").asString())
                                .isEqualTo(hex(job.span().getTraceId()));
                        assertThat(entry.get("logging.googleapis.com/labels").propertyNames())
                                .containsExactlyInAnyOrder("run", "step", "partition", "worker");
                    });
            assertThat(entries(worker, "worker-ready", "worker-idle"))
                    .hasSize(2)
                    .noneMatch(entry -> entry.has("logging.googleapis.com/trace"));
        }
    }

    @Test
    void aStoppedWorkerSendsTheRowsThatItCommitted(@TempDir Path folder) throws Exception {
        new CommandLine(folder).job("long", SmallShop.often(100_000)).classifier("models/tiny");
        try (OtlpReceiver receiver = OtlpReceiver.start();
                Fleet fleet = new Fleet(folder, PostgresServer.sharedDatabase())) {
            fleet.manager("remote", "job=long");
            Fleet.Member worker = fleet.worker("--modelbatch.otlp.endpoint=" + receiver.address());
            fleet.until("select count(*) from MODELBATCH_SHARD", 3);

            worker.signal("TERM");

            assertThat(worker.await()).as(fleet.output()).isEqualTo(4);
            assertThat(receiver.last())
                    .containsEntry("modelbatch.rows{job.name=long,step=infer}", (double)
                            fleet.number("select sum(ROW_COUNT) from MODELBATCH_SHARD"))
                    .containsEntry("modelbatch.partitions.active{job.name=long,step=infer}", 0.0);
        }
    }

    private static List<JsonNode> entries(Fleet.Member member, String... events) throws IOException {
        return member.text()
                .lines()
                .map(JsonMapper.shared()::readTree)
                .filter(entry -> List.of(events).contains(entry.path("event").asString("")))
                .toList();
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
