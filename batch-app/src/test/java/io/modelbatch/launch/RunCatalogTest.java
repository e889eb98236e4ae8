package io.modelbatch.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.report.RunReports;
import io.modelbatch.step.RunFolder;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Spring Batch commits the end of an execution; until then the clock tells how long a run has taken. */
class RunCatalogTest {
    private static final Instant START = Instant.parse("2026-03-31T03:15:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private JdbcClient jdbc;
    private Lease lease;
    private RunCatalog catalog;
    private Instant now = START;

    @BeforeEach
    void aRunOfTwoSteps() {
        var database = new DriverManagerDataSource("jdbc:h2:file:" + folder.resolve("repository"), "sa", "");
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/h2")
                .load()
                .migrate();
        jdbc = JdbcClient.create(database);
        lease = new Lease(jdbc);
        catalog = new RunCatalog(
                jdbc,
                new RunReports(ObjectStores.folder(folder)),
                new RunFolder(ObjectUri.parse("gs://modelbatch/runs"), "de067283", 0),
                lease,
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

    @AfterEach
    void release() {
        lease.release();
    }

    @Test
    void aRunThatIsWorkedOnTakesUntilNow() {
        lease.acquire("job=predict", Duration.ZERO, () -> {});

        now = START.plus(MINUTE.multipliedBy(10));
        assertThat(seconds()).containsExactly(600, 60, 540);
        now = START.plus(MINUTE.multipliedBy(11));
        assertThat(seconds()).containsExactly(660, 60, 600);
    }

    @Test
    void aClockThatIsBehindShowsTheLastSignOfLife() {
        lease.acquire("job=predict", Duration.ZERO, () -> {});

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
