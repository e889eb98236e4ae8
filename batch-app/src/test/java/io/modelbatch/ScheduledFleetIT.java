package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet as schedulers and clusters treat it: started twice, drained, and with machines that are too small. */
class ScheduledFleetIT {
    private static final int ROWS = 1_280;
    private static final int PARTITIONS = 16;
    private static final int HELD = 5;
    private static final int STOPPED = 4;
    private static final int FAILED_FOR_GOOD = 3;

    @TempDir
    private Path folder;

    private CommandLine shop;
    private String database;
    private Fleet fleet;

    @BeforeEach
    void open() throws Exception {
        shop = new CommandLine(folder)
                .job("predict", SmallShop.predict(PARTITIONS, "lines", "block: { rows: 5 }"))
                .table("shop.lines", SmallShop.lines(ROWS))
                .classifier("models/tiny");
        database = PostgresServer.sharedDatabase();
        fleet = new Fleet(folder, database);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    /** Each pass is a block, and each worker makes so many at the most. */
    private void fleetOfLimitedPasses(int most) throws Exception {
        shop.job("predict", SmallShop.predict(PARTITIONS, "lines", "block: { rows: 5 }, dtype: float32"));
        fleet = new Fleet(folder, database, FixedLatency.class);
        fleet.limitPasses(most);
    }

    /** Two starts in the same second, one while the run works, then SIGTERM to the manager and a worker at once, as when their node is drained. */
    @Test
    void oneOfSeveralStartsManagesTheRunAndADrainedOneIsResumed() throws Exception {
        fleetOfLimitedPasses(1);
        Fleet.Member one = fleet.manager("remote", "job=predict");
        Fleet.Member other = fleet.manager("remote", "job=predict");
        Fleet.Member held = firstToEnd(one, other);
        Fleet.Member manager = held == one ? other : one;
        assertThat(held.await()).as(fleet.output()).isEqualTo(HELD);
        assertThat(manager.isAlive()).as(fleet.output()).isTrue();

        Fleet.Member drained = fleet.worker();
        fleet.until("select count(*) from MODELBATCH_SHARD", 1);
        assertThat(fleet.manager("remote", "job=predict").await())
                .as(fleet.output())
                .isEqualTo(HELD);
        manager.signal("TERM");
        drained.signal("TERM");
        drained.awaitText("\"stopping\"");
        fleet.limitPasses(Integer.MAX_VALUE);

        assertThat(manager.await()).as(fleet.output()).isEqualTo(STOPPED);
        assertThat(drained.await()).as(fleet.output()).isEqualTo(STOPPED);
        assertThat(fleet.number("select count(*) from MODELBATCH_TASK")).isZero();
        long committed = fleet.number("select sum(ROW_COUNT) from MODELBATCH_SHARD");
        assertThat(committed).isBetween(1L, ROWS - 1L);

        fleet.worker();
        Fleet.Member next = fleet.manager("remote", "job=predict");
        assertThat(next.await()).as(fleet.output()).isZero();
        assertThat(next.text()).contains("resum");
        assertWhole();
        assertThat(fleet.number("select count(*) from BATCH_JOB_INSTANCE")).isEqualTo(1);
        assertThat(fleet.number("select count(*) from BATCH_JOB_EXECUTION where STATUS = 'COMPLETED'"))
                .isEqualTo(1);
    }

    private static Fleet.Member firstToEnd(Fleet.Member one, Fleet.Member other) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (one.isAlive() && other.isAlive() && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        return one.isAlive() ? other : one;
    }

    /** As when each is killed for its memory, over and over. */
    @Test
    void aPartitionThatNoWorkerSurvivesFailsItsRun() throws Exception {
        Fleet.Member manager = fleet.manager("remote", "job=predict");
        fleet.until("select count(*) from MODELBATCH_TASK", PARTITIONS);
        fleet.execute(
                "with killed as (insert into BATCH_STEP_EXECUTION (STEP_EXECUTION_ID, VERSION, STEP_NAME, JOB_EXECUTION_ID,"
                        + " CREATE_TIME, STATUS, COMMIT_COUNT, LAST_UPDATED) select nextval('BATCH_STEP_EXECUTION_SEQ'), 1, 'infer:3',"
                        + " (select max(JOB_EXECUTION_ID) from BATCH_JOB_EXECUTION), localtimestamp,"
                        + " case n when 10 then 'STARTED' else 'FAILED' end, 0, localtimestamp from generate_series(1, 10) n"
                        + " returning STEP_EXECUTION_ID) insert into BATCH_STEP_EXECUTION_CONTEXT (STEP_EXECUTION_ID, SHORT_CONTEXT)"
                        + " select k.STEP_EXECUTION_ID, c.SHORT_CONTEXT from killed k, BATCH_STEP_EXECUTION_CONTEXT c"
                        + " where c.STEP_EXECUTION_ID ="
                        + " (select min(STEP_EXECUTION_ID) from BATCH_STEP_EXECUTION where STEP_NAME = 'infer:3')");
        fleet.worker();

        assertThat(manager.await()).as(fleet.output()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(manager.text()).contains("infer:3", "exit code 137", "more memory");
        assertThat(fleet.number("select count(*) from MODELBATCH_TASK")).isZero();
    }

    /** Its heap leaves too little of the memory of its machine for the model. */
    @Test
    void aWorkerWithTooLittleMemoryLeavesTheStepToAnotherOne() throws Exception {
        Fleet.Member small = fleet.worker(Map.of("JAVA_TOOL_OPTIONS", "-Xmx" + 2 * machineMemory()));
        Fleet.Member manager = fleet.manager("remote", "job=predict");
        fleet.until("select count(*) from MODELBATCH_TASK where not PICKED", PARTITIONS);
        fleet.until("select count(*) from MODELBATCH_WORKER", 1);
        fleet.worker();

        assertThat(manager.await()).as(fleet.output()).isZero();
        assertWhole();
        assertThat(small.isAlive()).as(small.text()).isTrue();
        assertThat(small.text()).contains("worker-ready").doesNotContain("partition-taken");
    }

    private static long machineMemory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    private void assertWhole() throws Exception {
        assertThat(AnsweredRows.in(shop.bucket("results/lines"))).hasSize(ROWS);
    }
}
