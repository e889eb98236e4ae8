package io.modelbatch.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.report.RunReports;
import io.modelbatch.run.ClaimClock;
import io.modelbatch.run.Claims;
import io.modelbatch.run.RunFolder;
import io.modelbatch.run.RunOwner;
import io.modelbatch.run.TestRepository;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
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
        jdbc = JdbcClient.create(TestRepository.h2(folder));
        claims = new Claims(jdbc, ClaimClock.DATABASE, claim -> {});
        catalog = new RunCatalog(
                jdbc,
                new RunReports(ObjectStores.folder(folder)),
                new RunFolder(ObjectUri.parse("gs://modelbatch/runs"), "de067283", 0),
                claims,
                () -> now);
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
