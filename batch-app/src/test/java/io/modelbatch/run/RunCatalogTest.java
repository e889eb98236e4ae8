package io.modelbatch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.run.claim.ClaimClock;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.RunOwner;
import io.modelbatch.store.ObjectUri;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Spring Batch commits the end of an execution; until then the clock tells how long a run has taken. */
class RunCatalogTest {
    private static final Instant START = Instant.parse("2026-03-31T03:15:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private JdbcClient jdbc;
    private Claims claims;
    private RunCatalog catalog;
    private Instant now = START;

    @BeforeEach
    void aRunOfTwoSteps() {
        DataSource repository = TestRepository.h2(folder);
        jdbc = JdbcClient.create(repository);
        claims = new Claims(repository, ClaimClock.DATABASE, claim -> {});
        catalog = new RunCatalog(
                jdbc, new RunFolder(ObjectUri.parse("gs://modelbatch/runs"), "de067283", 0), claims, () -> now);
        jdbc.sql("insert into BATCH_JOB_INSTANCE (JOB_INSTANCE_ID, VERSION, JOB_NAME, JOB_KEY)"
                        + " values (3, 0, 'predict', 'key')")
                .update();
        jdbc.sql("insert into BATCH_JOB_EXECUTION (JOB_EXECUTION_ID, VERSION, JOB_INSTANCE_ID, CREATE_TIME, STATUS)"
                        + " values (7, 0, 3, ?, 'STARTED')")
                .param(Timestamp.from(START))
                .update();
        step("extract", "COMPLETED", START, START.plus(MINUTE), START.plus(MINUTE));
        step("infer", "STARTED", START.plus(MINUTE), null, START.plus(MINUTE.multipliedBy(2)));
    }

    @Test
    void aRunThatIsWorkedOnTakesUntilNow() {
        claims.take("job=predict", RunOwner.thisProcess(), Duration.ZERO);

        now = START.plus(MINUTE.multipliedBy(10));
        assertThat(seconds()).containsExactly(600, 60, 540);
        now = START.plus(MINUTE.multipliedBy(11));
        assertThat(seconds()).containsExactly(660, 60, 600);
    }

    @Test
    void aClockThatIsBehindShowsTheLastSignOfLife() {
        claims.take("job=predict", RunOwner.thisProcess(), Duration.ZERO);

        now = START.minus(MINUTE);

        assertThat(seconds()).containsExactly(120, 60, 60);
    }

    @Test
    void aRunThatNobodyWorksOnTookUntilItsLastSignOfLife() {
        now = START.plus(Duration.ofDays(3));

        assertThat(seconds()).containsExactly(120, 60, 60);
        assertThat(catalog.find("predict-3").orElseThrow().isDead()).isTrue();
    }

    @Test
    void theNewestRunComesFirst() {
        instance(4, "train");
        execution(8, 4, "COMPLETED", "COMPLETED", "");
        instance(5, "predict");
        execution(9, 5, "COMPLETED", "COMPLETED", "");

        assertThat(catalog.newest(null))
                .extracting(RunSummary::run)
                .containsExactly("predict-5", "train-4", "predict-3");
        assertThat(catalog.newest("predict")).extracting(RunSummary::run).containsExactly("predict-5", "predict-3");
        assertThat(catalog.newest("other")).isEmpty();
    }

    @Test
    void aRunIsFoundByItsWholeName() {
        assertThat(catalog.find("predict-3")).isPresent();
        assertThat(catalog.find("train-3")).as("another job").isEmpty();
        assertThat(catalog.find("predict-4")).isEmpty();
        assertThat(catalog.find("predict")).isEmpty();
    }

    @Test
    void anInstanceWithoutExecutionIsNoRunYet() {
        instance(4, "train");

        assertThat(catalog.find("train-4")).isEmpty();
        assertThat(catalog.newest(null)).extracting(RunSummary::run).containsExactly("predict-3");
    }

    @Test
    void theRowsOfAStepAreThoseOfItsPartitions() {
        step("infer:0", "COMPLETED", START, START.plus(MINUTE), START.plus(MINUTE));
        step("infer:1", "STARTED", START, null, START.plus(MINUTE));
        jdbc.sql("update BATCH_STEP_EXECUTION set READ_COUNT = 10, PROCESS_SKIP_COUNT = 1")
                .update();

        RunSummary.StepSummary infer =
                catalog.find("predict-3").orElseThrow().steps().get(1);

        assertThat(infer.name()).isEqualTo("infer");
        assertThat(infer.status()).isEqualTo("STARTED");
        assertThat(infer.rows()).isEqualTo(20);
        assertThat(infer.rejected()).isEqualTo(2);
        assertThat(infer.partitions()).isEqualTo(2);
        assertThat(infer.restarts()).isZero();
    }

    @Test
    void aStepThatBeganTwiceWasRestartedOnce() {
        step("infer", "COMPLETED", START.plus(MINUTE), START.plus(MINUTE.multipliedBy(3)), START.plus(MINUTE));

        RunSummary.StepSummary infer =
                catalog.find("predict-3").orElseThrow().steps().get(1);

        assertThat(infer.restarts()).isEqualTo(1);
        assertThat(infer.status()).isEqualTo("COMPLETED");
    }

    @Test
    void aFailedRunHasItsExitCodeAndItsCauseWithoutAStackTrace() {
        instance(4, "train");
        execution(8, 4, "FAILED", "FAILED_FOR_GOOD", "The model is gone\n\tat io.modelbatch.Somewhere");

        RunSummary run = catalog.find("train-4").orElseThrow();

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.cause()).isEqualTo("The model is gone");
        assertThat(run.isOpen()).isFalse();
    }

    @Test
    void parametersOfARunAreThoseThatIdentifyIt() {
        parameter("day", "2026-01-01", "Y");
        parameter(RunParameters.SEQUENCE, "1", "Y");
        parameter("other", "x", "N");

        assertThat(catalog.find("predict-3").orElseThrow().parameters())
                .containsExactly(Map.entry("day", "2026-01-01"));
    }

    private void instance(long id, String job) {
        jdbc.sql("insert into BATCH_JOB_INSTANCE (JOB_INSTANCE_ID, VERSION, JOB_NAME, JOB_KEY) values (?, 0, ?, ?)")
                .params(id, job, "key-" + id)
                .update();
    }

    private void execution(long id, long instance, String status, String exit, String message) {
        jdbc.sql(
                        "insert into BATCH_JOB_EXECUTION (JOB_EXECUTION_ID, VERSION, JOB_INSTANCE_ID, CREATE_TIME, END_TIME, STATUS,"
                                + " EXIT_CODE, EXIT_MESSAGE) values (?, 0, ?, ?, ?, ?, ?, ?)")
                .params(id, instance, Timestamp.from(START), Timestamp.from(START.plus(MINUTE)), status, exit, message)
                .update();
    }

    private void parameter(String name, String value, String identifying) {
        jdbc.sql(
                        "insert into BATCH_JOB_EXECUTION_PARAMS (JOB_EXECUTION_ID, PARAMETER_NAME, PARAMETER_TYPE, PARAMETER_VALUE,"
                                + " IDENTIFYING) values (7, ?, 'java.lang.String', ?, ?)")
                .params(name, value, identifying)
                .update();
    }

    /** Of the run, then of its steps. */
    private double[] seconds() {
        RunSummary run = catalog.find("predict-3").orElseThrow();
        return new double[] {
            run.seconds(), run.steps().get(0).seconds(), run.steps().get(1).seconds()
        };
    }

    private void step(String name, String status, Instant created, Instant ended, Instant updated) {
        jdbc.sql("insert into BATCH_STEP_EXECUTION (VERSION, STEP_NAME, JOB_EXECUTION_ID, CREATE_TIME, END_TIME,"
                        + " STATUS, READ_COUNT, PROCESS_SKIP_COUNT, LAST_UPDATED) values (0, ?, 7, ?, ?, ?, 0, 0, ?)")
                .param(name)
                .param(Timestamp.from(created))
                .param(ended == null ? null : Timestamp.from(ended))
                .param(status)
                .param(Timestamp.from(updated))
                .update();
    }
}
