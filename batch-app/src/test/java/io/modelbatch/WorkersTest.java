package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that share a run with its manager, as processes with one PostgreSQL. */
class WorkersTest {
    private static final int ROWS = 1280;
    private static final int PARTITIONS = 64;

    private static PostgresServer server;

    @TempDir
    private Path folder;

    private CommandLine shop;
    private Fleet fleet;

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
        shop = new CommandLine(folder)
                .job("predict", """
                        parameters: { day: { type: date } }
                        steps:
                          - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: %d }
                          - infer:
                              model: gs://models/tiny
                              task: text-classification
                              text: text
                              to: gs://results/${day}
                              block: { rows: 10 }
                        """.formatted(PARTITIONS))
                .table(
                        "shop.lines",
                        IntStream.range(0, ROWS)
                                .mapToObj(row -> row + ",milk " + row)
                                .collect(Collectors.joining("\n", "id,text\n", "\n")))
                .classifier("models/tiny");
        fleet = new Fleet(folder, server.newDatabase());
    }

    @Test
    void fourWorkersMakeTheResultOfOneProcess() throws Exception {
        try (Fleet ending = fleet) {
            assertThat(fleet.manager("local", "job=predict", "day=2026-01-01").await())
                    .as(fleet.output())
                    .isZero();
            List<Fleet.Member> workers =
                    List.of(fleet.worker("--idle=3s"), fleet.worker("--idle=3s"), fleet.worker(), fleet.worker());

            Fleet.Member manager = fleet.manager("remote", "job=predict", "day=2026-01-02");

            assertThat(manager.await()).as(fleet.output()).isZero();
            assertThat(rows("2026-01-02")).hasSize(ROWS).isEqualTo(rows("2026-01-01"));
            assertThat(workers.get(0).await()).as(fleet.output()).isZero();
            workers.get(3).signal("TERM");
            assertThat(workers.get(3).await()).as(fleet.output()).isEqualTo(4);
            assertThat(fleet.number("select count(*) from MODELBATCH_TASK")).isZero();
            assertThat(fleet.number("select count(*) from MODELBATCH_DISPATCH")).isZero();
        }
    }

    /** Label and score by id, of all shards in the folder of a result. */
    private Map<Long, List<Object>> rows(String day) throws Exception {
        Map<Long, List<Object>> rows = new TreeMap<>();
        for (List<Object> row : CrashContract.parquet(
                shop.bucket("results/" + day).resolve("*.parquet").toString())) {
            assertThat(rows.put((Long) row.get(0), row))
                    .as("row %s twice", row.get(0))
                    .isNull();
        }
        return rows;
    }
}
