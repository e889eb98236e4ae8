package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.cli.BatchCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
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
                .job("predict", predict("text: text", "SELECT id, text FROM shop.lines", "block: { rows: 10 }"))
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

    @Test
    void aRunWithoutAnyWorkerEndsInItsOwnProcess() throws Exception {
        try (Fleet ending = fleet) {
            assertThat(fleet.manager("both", "job=predict", "day=2026-01-02").await())
                    .as(fleet.output())
                    .isZero();
            assertThat(rows("2026-01-02")).hasSize(ROWS);
        }
    }

    @Test
    void theFailureOfAPartitionIsToldByTheManager() throws Exception {
        shop.job(
                "predict",
                predict(
                        "text: \"text\"",
                        "SELECT id, NULLIF(text, 'milk 7') AS text FROM shop.lines",
                        "rejects: { max: 0 }"));
        try (Fleet ending = fleet) {
            fleet.worker();
            Fleet.Member manager = fleet.manager("remote", "job=predict", "day=2026-01-02");

            assertThat(manager.await()).as(fleet.output()).isEqualTo(3);
            assertThat(manager.text()).contains("1 of the", "rejects", ", worker ");
        }
    }

    @Test
    void stopStopsTheWorkersToo() throws Exception {
        shop.job("predict", predict("text: text", "SELECT id, text FROM shop.lines", "block: { rows: 1 }"));
        try (Fleet ending = fleet) {
            Fleet.Member worker = fleet.worker();
            Fleet.Member manager = fleet.manager("remote", "job=predict", "day=2026-01-02");
            fleet.until("select count(*) from MODELBATCH_SHARD", 20);

            manager.signal("TERM");

            assertThat(manager.await()).as(fleet.output()).isEqualTo(4);
            long committed = fleet.number("select count(*) from MODELBATCH_SHARD");
            assertThat(committed).isBetween(20L, ROWS - 1L);
            assertThat(fleet.number("select count(*) from MODELBATCH_TASK")).isZero();
            assertThat(fleet.number(
                            "select count(*) from BATCH_STEP_EXECUTION where STATUS in ('STARTING', 'STARTED')"))
                    .isZero();
            assertThat(fleet.manager("remote", "job=predict", "day=2026-01-02").await())
                    .as(fleet.output())
                    .isZero();
            assertThat(rows("2026-01-02")).hasSize(ROWS);
            assertThat(worker.process().isAlive()).isTrue();
        }
    }

    @Test
    void workersContinueWithoutTheirManagerAndWithTheNextOne() throws Exception {
        shop.job("predict", predict("text: text", "SELECT id, text FROM shop.lines", "block: { rows: 1 }"));
        try (Fleet ending = fleet) {
            fleet.worker();
            Fleet.Member manager = fleet.manager("remote", "job=predict", "day=2026-01-02");
            fleet.until("select count(*) from MODELBATCH_SHARD", 20);

            manager.process().destroyForcibly().waitFor();
            long committed = fleet.number("select count(*) from MODELBATCH_SHARD");
            fleet.until("select count(*) from MODELBATCH_SHARD", committed + 20);
            Fleet.Member status = fleet.command("status", "predict");
            assertThat(status.await()).isZero();
            assertThat(status.text())
                    .as("perhaps between two of its partitions")
                    .containsPattern("1 worker executes (1 partition|2 partitions); ");

            Fleet.Member next = fleet.manager("remote", "job=predict", "day=2026-01-02");
            assertThat(next.await()).as(fleet.output()).isZero();
            assertThat(rows("2026-01-02")).hasSize(ROWS);
        }
    }

    @Test
    void partitionsThatARunHoldsBackAreTakenWithoutItsManagerToo() throws Exception {
        try (Fleet ending = fleet) {
            fleet.worker("--partitions=2");
            String[] command = {"job=predict", "day=2026-01-02", "--modelbatch.max-partitions=2"};
            Fleet.Member manager = fleet.manager("remote", command);
            fleet.until("select count(*) from MODELBATCH_SHARD", 1);

            manager.process().destroyForcibly().waitFor();
            fleet.until("select case when count(*) = 0 then 1 else 0 end from MODELBATCH_TASK", 1);

            assertThat(fleet.manager("remote", command).await())
                    .as(fleet.output())
                    .isZero();
            assertThat(rows("2026-01-02")).hasSize(ROWS);
        }
    }

    /** Before a partition begins, its worker finds out that it may not execute it. */
    @Test
    void aWorkerSaysThatItLostAPartition() throws Exception {
        try (Fleet ending = fleet) {
            fleet.manager("remote", "job=predict", "day=2026-01-02");
            fleet.until("select count(*) from MODELBATCH_TASK", PARTITIONS);
            StringWriter events = new StringWriter();

            int exit = BatchCommand.run(
                    new String[] {
                        "worker",
                        "--idle=1s",
                        "--modelbatch.local.home=" + folder.resolve("local"),
                        "--spring.datasource.url=" + fleet.url(),
                        "--spring.datasource.username=postgres",
                        "--spring.datasource.password=postgres"
                    },
                    BatchApplication::start,
                    new TakenOver(events),
                    new PrintWriter(System.err, true));

            assertThat(exit).as(events.toString()).isZero();
            assertThat(events.toString())
                    .contains("partition-ended", "\"status\":\"LOST\"")
                    .doesNotContain("STARTING");
        }
    }

    /** Has the run taken over as soon as a worker says that it took a partition. */
    private final class TakenOver extends PrintWriter {
        TakenOver(StringWriter events) {
            super(events, true);
        }

        @Override
        public void println(String event) {
            super.println(event);
            if (event.contains("partition-taken")) {
                try {
                    fleet.execute("update MODELBATCH_LEASE set EPOCH = EPOCH + 1");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** A worker that lacks the jar of a step leaves it to others, and the manager says what it waits for. */
    @Test
    void aWorkerWithoutTheJarOfAStepLeavesItToOthers() throws Exception {
        ExtensionJar.put(folder);
        shop.job("predict", """
                parameters: { day: { type: date } }
                steps:
                  - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: 2 }
                  - split-sentences: { text: text, to: "gs://results/${day}", block: { rows: 100 } }
                """);
        String extensions = "--modelbatch.extensions=" + folder.resolve("extensions");
        Files.createDirectories(folder.resolve("none"));
        try (Fleet ending = fleet) {
            Fleet.Member without = fleet.worker("--modelbatch.extensions=" + folder.resolve("none"));
            Fleet.Member manager = fleet.manager("remote", "job=predict", "day=2026-01-02", extensions);
            fleet.until("select count(*) from BATCH_STEP_EXECUTION where EXIT_CODE = 'REFUSED'", 1);
            assertThat(manager.process().isAlive()).isTrue();

            fleet.worker(extensions);

            assertThat(manager.await()).as(fleet.output()).isZero();
            assertThat(manager.text()).contains("\"rows\":" + ROWS);
            assertThat(without.text()).contains("partitions-refused", "which this process does not have; put its jar");
        }
    }

    private static String predict(String text, String query, String option) {
        return """
                parameters: { day: { type: date } }
                steps:
                  - extract: { query: "%s", key: id, partitions: %d }
                  - infer:
                      model: gs://models/tiny
                      task: text-classification
                      %s
                      to: gs://results/${day}
                      %s
                """.formatted(query, PARTITIONS, text, option);
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
