package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.cli.BatchCommand;
import io.modelbatch.run.ProgramVersion;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that share a run with its manager, as processes with one PostgreSQL. */
class WorkersIT {
    private static final int ROWS = 1280;
    private static final int PARTITIONS = 64;
    private static final int STOPPED = 4;
    private static final int FAILED_FOR_GOOD = 3;
    private static final int ANY = Integer.MAX_VALUE;
    private static final String BLOCKS = "select count(*) from MODELBATCH_SHARD";

    @TempDir
    private Path folder;

    private CommandLine shop;
    private String database;
    private Fleet fleet;

    @BeforeEach
    void open() throws Exception {
        shop = new CommandLine(folder)
                .job("predict", predict("SELECT id, text FROM shop.lines", "block: { rows: 10 }"))
                .table("shop.lines", SmallShop.lines(ROWS))
                .classifier("models/tiny");
        database = PostgresServer.sharedDatabase();
        fleet = new Fleet(folder, database);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void fourWorkersMakeTheResultOfOneProcess() throws Exception {
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
        assertThat(workers.get(3).await()).as(fleet.output()).isEqualTo(STOPPED);
        assertThat(fleet.number("select count(*) from MODELBATCH_TASK")).isZero();
        assertThat(fleet.number("select count(*) from MODELBATCH_DISPATCH")).isZero();
    }

    @Test
    void aRunWithoutAnyWorkerEndsInItsOwnProcess() throws Exception {
        assertThat(fleet.manager("both", "job=predict", "day=2026-01-02").await())
                .as(fleet.output())
                .isZero();
        assertThat(rows("2026-01-02")).hasSize(ROWS);
    }

    @Test
    void theFailureOfAPartitionIsToldByTheManager() throws Exception {
        shop.job(
                "predict", predict("SELECT id, NULLIF(text, 'milk 7') AS text FROM shop.lines", "rejects: { max: 0 }"));
        fleet.worker();
        Fleet.Member manager = fleet.manager("remote", "job=predict", "day=2026-01-02");

        assertThat(manager.await()).as(fleet.output()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(manager.text()).contains("1 of the", "rejects", ", worker ");
    }

    @Test
    void stopStopsTheWorkersToo() throws Exception {
        fleetOfLimitedPasses();
        Fleet.Member worker = fleet.worker();
        Fleet.Member manager = fleet.manager("remote", "job=predict", "day=2026-01-02");
        fleet.until(BLOCKS, 20);

        manager.signal("TERM");

        assertThat(manager.await()).as(fleet.output()).isEqualTo(STOPPED);
        assertThat(fleet.number(BLOCKS)).isEqualTo(20);
        assertThat(fleet.number("select count(*) from MODELBATCH_TASK")).isZero();
        assertThat(fleet.number("select count(*) from BATCH_STEP_EXECUTION where STATUS in ('STARTING', 'STARTED')"))
                .isZero();
        fleet.limitPasses(ANY);
        assertThat(fleet.manager("remote", "job=predict", "day=2026-01-02").await())
                .as(fleet.output())
                .isZero();
        assertThat(rows("2026-01-02")).hasSize(ROWS);
        assertThat(worker.isAlive()).isTrue();
    }

    @Test
    void workersContinueWithoutTheirManagerAndWithTheNextOne() throws Exception {
        fleetOfLimitedPasses();
        fleet.worker();
        Fleet.Member manager = fleet.manager("remote", "job=predict", "day=2026-01-02");
        fleet.until(BLOCKS, 20);

        manager.process().destroyForcibly().waitFor();
        fleet.limitPasses(40);
        fleet.until(BLOCKS, 40);
        Fleet.Member status = fleet.command("status", "predict");
        assertThat(status.await()).isZero();
        assertThat(status.text()).contains("1 worker executes 2 partitions; ");
        fleet.limitPasses(ANY);

        Fleet.Member next = fleet.manager("remote", "job=predict", "day=2026-01-02");
        assertThat(next.await()).as(fleet.output()).isZero();
        assertThat(rows("2026-01-02")).hasSize(ROWS);
    }

    @Test
    void partitionsThatARunHoldsBackAreTakenWithoutItsManagerToo() throws Exception {
        fleet.worker("--partitions=2");
        String[] command = {"job=predict", "day=2026-01-02", "--modelbatch.max-partitions=2"};
        Fleet.Member manager = fleet.manager("remote", command);
        fleet.until(BLOCKS, 1);

        manager.process().destroyForcibly().waitFor();
        fleet.until("select case when count(*) = 0 then 1 else 0 end from MODELBATCH_TASK", 1);

        assertThat(fleet.manager("remote", command).await()).as(fleet.output()).isZero();
        assertThat(rows("2026-01-02")).hasSize(ROWS);
    }

    /** Before a partition begins, its worker finds out that it may not execute it. The worker is this process, which is not packaged. */
    @Test
    void aWorkerSaysThatItLostAPartition() throws Exception {
        fleet.manager("remote", "job=predict", "day=2026-01-02");
        fleet.until("select count(*) from MODELBATCH_TASK", PARTITIONS);
        fleet.execute("update MODELBATCH_DISPATCH set VERSION = '" + ProgramVersion.text() + "'");
        StringWriter events = new StringWriter();

        int exit = BatchCommand.run(
                PostgresServer.arguments(
                        database, "worker", "--idle=1s", "--modelbatch.local.home=" + folder.resolve("local")),
                BatchApplication::start,
                new TakenOver(events),
                new PrintWriter(System.err, true));

        assertThat(exit).as(events.toString()).isZero();
        assertThat(events.toString())
                .contains("partition-ended", "\"status\":\"LOST\"")
                .doesNotContain("STARTING");
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
        Fleet.Member without = fleet.worker("--modelbatch.extensions=" + folder.resolve("none"));
        Fleet.Member manager = fleet.manager("remote", "job=predict", "day=2026-01-02", extensions);
        fleet.until("select count(*) from BATCH_STEP_EXECUTION where EXIT_CODE = 'REFUSED'", 1);
        assertThat(manager.isAlive()).isTrue();

        fleet.worker(extensions);

        assertThat(manager.await()).as(fleet.output()).isZero();
        assertThat(manager.text()).contains("\"rows\":" + ROWS);
        assertThat(without.text()).contains("partitions-refused", "which this process does not have; put its jar");
    }

    @Test
    void aWorkerExecutesPartitionsOfItsOwnVersionAlone() throws Exception {
        Fleet.Member manager = fleet.manager("remote", "job=predict", "day=2026-01-02");
        fleet.until("select count(*) from MODELBATCH_TASK", PARTITIONS);
        fleet.execute("update MODELBATCH_DISPATCH set VERSION = '9.' || VERSION");

        Fleet.Member other = fleet.worker("--idle=5s");

        assertThat(other.await()).as(fleet.output()).isZero();
        assertThat(other.text())
                .contains("Partitions wait for workers of version 9.", "A run is computed by one version");
        assertThat(fleet.number("select count(*) from MODELBATCH_TASK")).isEqualTo(PARTITIONS);
        assertThat(
                        fleet.number(
                                "select count(*) from BATCH_STEP_EXECUTION where STEP_NAME like '%:%' and STATUS <> 'STARTING'"))
                .isZero();

        fleet.execute("update MODELBATCH_DISPATCH set VERSION = substr(VERSION, 3)");
        fleet.worker();
        assertThat(manager.await()).as(fleet.output()).isZero();
    }

    /** Each pass is a block. A worker waits after its twentieth. */
    private void fleetOfLimitedPasses() throws Exception {
        shop.job("predict", predict("SELECT id, text FROM shop.lines", "dtype: float32, block: { rows: 1 }"));
        fleet = new Fleet(folder, database, FixedLatency.class);
        fleet.limitPasses(20);
    }

    private static String predict(String query, String options) {
        return """
                parameters: { day: { type: date } }
                steps:
                  - extract: { query: "%s", key: id, partitions: %d }
                  - infer: { model: gs://models/tiny, task: text-classification, text: text, to: "gs://results/${day}", %s }
                """.formatted(query, PARTITIONS, options);
    }

    private Map<Long, List<Object>> rows(String day) throws Exception {
        return AnsweredRows.in(shop.bucket("results/" + day));
    }
}
