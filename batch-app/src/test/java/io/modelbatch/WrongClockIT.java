package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Processes whose clock is wrong or jumps take nothing over, and lose nothing. */
class WrongClockIT {
    private static final int ROWS = 40;
    private static final int PARTITIONS = 2;
    private static final int HELD = 5;
    /** The pass of a manager before the blocks of its process, of which each takes one. */
    private static final int TRIAL = 1;

    private static final int ANY = Integer.MAX_VALUE;
    private static final String BLOCKS = "select count(*) from MODELBATCH_SHARD";
    private static final String EXECUTING = "select count(*) from MODELBATCH_TASK where PICKED";

    @TempDir
    private Path folder;

    private String library;
    private CommandLine shop;
    private Fleet fleet;

    @BeforeEach
    void open() throws Exception {
        library = Faketime.library();
        shop = new CommandLine(folder)
                .job("predict", SmallShop.predict(PARTITIONS, "lines", "block: { rows: 5 }, dtype: float32"))
                .table("shop.lines", SmallShop.lines(ROWS))
                .classifier("models/tiny");
        fleet = new Fleet(folder, PostgresServer.sharedDatabase(), FixedLatency.class);
    }

    @AfterEach
    void close() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void aStartAnHourAheadLeavesTheRunToItsProcess() throws Exception {
        fleet.limitPasses(TRIAL + 1);
        Fleet.Member run = fleet.manager("local", "job=predict");
        fleet.until(BLOCKS, 1);

        Fleet.Member ahead = fleet.manager(Faketime.environment(library, "+1h"), "local", "job=predict");

        assertThat(ahead.await()).as(fleet.output()).isEqualTo(HELD);
        fleet.limitPasses(ANY);
        assertThat(run.await()).as(fleet.output()).isZero();
        assertWhole(ROWS);
    }

    @Test
    @EnabledIfSystemProperty(
            named = "clocks",
            matches = "true",
            disabledReason =
                    "faketime reads its file beside the threads of Java, which has crashed one; -Dclocks=true runs this")
    void aClockThatJumpsInMidRunChangesNothing() throws Exception {
        int rows = 2_000;
        shop.table("shop.lines", SmallShop.lines(rows));
        Path time = Files.writeString(folder.resolve("time"), "+0");
        fleet.limitPasses(TRIAL);
        Fleet.Member run = fleet.manager(Faketime.environment(library, time), "local", "job=predict");

        Files.writeString(time, "+1h");
        int passes = computeUntilItsClockIs("> 1800", 0);
        Files.writeString(time, "-1h");
        computeUntilItsClockIs("< -1800", passes);
        fleet.limitPasses(ANY);

        assertThat(run.await()).as(fleet.output()).isZero();
        assertWhole(rows);
    }

    /** Lets a run compute block by block, until it has committed one at a time that differs so many seconds from the database's. */
    private int computeUntilItsClockIs(String seconds, int passesBefore) throws Exception {
        int passes = passesBefore;
        do {
            passes++;
            fleet.limitPasses(TRIAL + passes);
            fleet.until(BLOCKS, passes);
        } while (fleet.number(
                        "select count(*) from BATCH_STEP_EXECUTION where COMMIT_COUNT > 0 and STEP_NAME like 'infer:%'"
                                + " and extract(epoch from LAST_UPDATED - localtimestamp) " + seconds)
                == 0);
        return passes;
    }

    /** Their clocks are two hours apart. Both have a partition, and give signs of life. */
    @Test
    void ofTwoWorkersNoneThinksThatTheOtherOneIsGone() throws Exception {
        fleet.limitPasses(0);
        Fleet.Member manager = fleet.manager("remote", "job=predict");
        fleet.worker(Faketime.environment(library, "-1h"), "--partitions=1");
        fleet.until(EXECUTING, 1);
        fleet.worker(Faketime.environment(library, "+1h"), "--partitions=1");
        fleet.until(EXECUTING, 2);

        long taken = fleet.number("select ceil(extract(epoch from max(LAST_HEARTBEAT))) from MODELBATCH_TASK");
        fleet.until(EXECUTING + " and extract(epoch from LAST_HEARTBEAT) > " + taken, 2);
        assertThat(fleet.number(EXECUTING + " and abs(extract(epoch from LAST_HEARTBEAT - current_timestamp)) > 1800"))
                .isZero();
        fleet.limitPasses(ANY);

        assertThat(manager.await()).as(fleet.output()).isZero();
        assertWhole(ROWS);
        assertThat(fleet.number("select count(*) from BATCH_STEP_EXECUTION where STEP_NAME like 'infer:%'"))
                .as(fleet.output())
                .isEqualTo(PARTITIONS);
    }

    private void assertWhole(int rows) throws Exception {
        assertThat(AnsweredRows.in(shop.bucket("results/lines"))).hasSize(rows);
    }
}
