package io.modelbatch.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.PostgresServer;
import io.modelbatch.run.TestRepository;
import io.modelbatch.run.claim.RunOwner;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The workers of a job repository on a real PostgreSQL, and their names. */
class WorkerRegisterTest {
    private static final RunOwner PROCESS = RunOwner.thisProcess();

    @Test
    void aWorkerThatWasSuspendedForLongIsThereAgain(@TempDir Path data) throws Exception {
        try (PostgresServer server = PostgresServer.start(data)) {
            DataSource database = TestRepository.postgres(server.newDatabase());
            JdbcClient jdbc = JdbcClient.create(database);
            WorkerRegister register = new WorkerRegister(jdbc, new JdbcTransactionManager(database));
            WorkerOptions one = new WorkerOptions(null, null, 1, false);
            WorkerRegister.Entry suspended =
                    register.enter("a", PROCESS, "cpu", one).orElseThrow();
            assertThat(register.enter("b", PROCESS, "cpu", one)).isEmpty();

            jdbc.sql("update MODELBATCH_WORKER set LAST_SEEN = LAST_SEEN - interval '2' minute")
                    .update();
            assertThat(register.byDevice()).isEmpty();
            assertThat(register.enter("c", PROCESS, "cpu", one)).isPresent();
            suspended.signOfLife(Set.of());

            assertThat(register.byDevice()).isEqualTo(Map.of("cpu", 2L));
        }
    }

    /** The queue keeps the beginning of a longer name alone, so that its partitions could not be given back. */
    @Test
    void theNameOfAWorkerFitsIntoTheQueue() {
        String host = "modelbatch-predict-receipt-categories-workers-7xk2p-q9wzt";
        RunOwner pod = new RunOwner("id", host + " boot pid:[1]", 1_234_567, 0);

        assertThat(Workers.name(pod, "1a2b3c4d")).hasSize(50).endsWith("-7xk2p-q9wzt-1234567-1a2b3c4d");
        assertThat(Workers.name(new RunOwner("id", "gpu-1 boot pid:[1]", 7, 0), "1a2b3c4d"))
                .isEqualTo("gpu-1-7-1a2b3c4d");
    }
}
