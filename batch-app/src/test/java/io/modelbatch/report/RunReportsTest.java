package io.modelbatch.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.facts.OwnFacts;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunReportsTest {
    private static final ObjectUri RUN = ObjectUri.parse("gs://modelbatch/runs/predict-1");

    @TempDir
    private Path buckets;

    private RunReports reports;

    @BeforeEach
    void open() {
        ObjectStore store = ObjectStores.folder(buckets);
        reports = new RunReports(store);
    }

    @Test
    void aRunHasNoneBeforeItEnds() throws Exception {
        assertThat(reports.read(RUN)).isEmpty();
    }

    @Test
    void isWhereItIsSaidToBe() throws Exception {
        reports.write(RUN, report("FAILED", "Table shop.lines is missing"));

        assertThat(Path.of(reports.location(RUN))).exists().hasFileName("report.json");
    }

    @Test
    void isReadAsItWasWritten() throws Exception {
        reports.write(RUN, report("FAILED", "Table shop.lines is missing"));

        JsonNode read = read();
        assertThat(read.path("run").asString()).isEqualTo("predict-1");
        assertThat(read.path("started").asString()).isEqualTo("2026-03-31T07:24:22Z");
        assertThat(read.path("cause").asString()).isEqualTo("Table shop.lines is missing");
        assertThat(read.path("parameters").path("day").asString()).isEqualTo("2026-03-31");
        assertThat(read.path("steps").path(0).path("rowsPerSecond").asDouble()).isEqualTo(2.5);
        assertThat(read.path("steps").path(0).path("figures").path("model").asString())
                .isEqualTo("gs://models/tiny");
        assertThat(read.path("environment").has("project")).as("locally").isFalse();
    }

    @Test
    void thatOfTheLastExecutionReplacesThoseBefore() throws Exception {
        reports.write(RUN, report("FAILED", "Table shop.lines is missing"));
        reports.write(RUN, report("COMPLETED", null));

        assertThat(read().path("status").asString()).isEqualTo("COMPLETED");
        assertThat(read().path("cause").isNull()).isTrue();
    }

    private JsonNode read() throws Exception {
        return JsonMapper.shared().readTree(new String(reports.read(RUN).orElseThrow(), StandardCharsets.UTF_8));
    }

    private static RunReport report(String status, @Nullable String cause) {
        Instant started = Instant.parse("2026-03-31T07:24:22Z");
        return new RunReport(
                RunReport.VERSION,
                "predict-1",
                "predict",
                null,
                status,
                Map.of("day", "2026-03-31"),
                started,
                started.plusSeconds(4),
                4,
                0,
                cause,
                List.of(),
                new ReportedProcess("host", 7, "java -jar batch.jar job=predict day=2026-03-31", null),
                null,
                RunEnvironment.LOCAL,
                List.of(),
                Map.of(),
                List.of(),
                null,
                null,
                List.of(new RunReport.Step(
                        "infer",
                        "infer",
                        "COMPLETED",
                        10,
                        0,
                        1,
                        0,
                        4,
                        2.5,
                        List.of(),
                        List.of(),
                        List.of(),
                        new OwnFacts(Map.of("model", "gs://models/tiny")))));
    }
}
