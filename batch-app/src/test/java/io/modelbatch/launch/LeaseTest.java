package io.modelbatch.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class LeaseTest {
    private static final String RUN = "predict{date=2026-01-01}";

    @TempDir
    private Path folder;

    private JdbcClient jdbc;
    private Lease mine;
    private Lease other;

    @BeforeEach
    void openRepository() {
        var database = new DriverManagerDataSource("jdbc:h2:file:" + folder.resolve("repository"), "sa", "");
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/h2")
                .load()
                .migrate();
        jdbc = JdbcClient.create(database);
        mine = new Lease(jdbc);
        other = new Lease(jdbc);
    }

    @AfterEach
    void release() {
        mine.release();
        other.release();
    }

    @Test
    void aRunHasOneOwner() {
        mine.acquire(RUN, Duration.ZERO, () -> {});

        assertThatThrownBy(() -> other.acquire(RUN, Duration.ZERO, () -> {}))
                .isInstanceOf(RunHeldException.class)
                .hasMessageContaining("process " + ProcessHandle.current().pid());
    }

    @Test
    void aReleasedRunIsFree() {
        mine.acquire(RUN, Duration.ZERO, () -> {});
        mine.release();

        assertThatCode(() -> other.acquire(RUN, Duration.ZERO, () -> {})).doesNotThrowAnyException();
    }

    @Test
    void otherParametersAreAnotherRun() {
        mine.acquire(RUN, Duration.ZERO, () -> {});

        assertThatCode(() -> other.acquire("job=predict date=2026-01-02", Duration.ZERO, () -> {}))
                .doesNotThrowAnyException();
    }

    @Test
    void aProcessThatIsGoneHoldsNothing() throws Exception {
        mine.acquire(RUN, Duration.ZERO, () -> {});
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        jdbc.sql("update MODELBATCH_LEASE set PROCESS_ID = ?").param(gone.pid()).update();

        other.acquire(RUN, Duration.ZERO, () -> {});

        assertThat(owner()).isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void anOwnerOfAnotherMachineKeepsItsRunUntilItsLeaseEnds() {
        mine.acquire(RUN, Duration.ZERO, () -> {});
        jdbc.sql("update MODELBATCH_LEASE set MACHINE = 'elsewhere', PROCESS_ID = 1")
                .update();
        assertThatThrownBy(() -> other.acquire(RUN, Duration.ZERO, () -> {}))
                .hasMessageContaining("on elsewhere")
                .hasMessageContaining("runs out within 20 seconds");

        jdbc.sql("update MODELBATCH_LEASE set EXPIRES = ?")
                .param(OffsetDateTime.now().minusSeconds(1))
                .update();
        other.acquire(RUN, Duration.ZERO, () -> {});

        assertThat(owner()).isEqualTo(ProcessHandle.current().pid());
    }

    private long owner() {
        return jdbc.sql("select PROCESS_ID from MODELBATCH_LEASE")
                .query(Long.class)
                .single();
    }
}
