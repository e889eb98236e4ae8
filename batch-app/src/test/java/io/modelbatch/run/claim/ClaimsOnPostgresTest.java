package io.modelbatch.run.claim;

import io.modelbatch.PostgresServer;
import io.modelbatch.run.TestRepository;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class ClaimsOnPostgresTest extends ClaimsContract {
    private static PostgresServer server;

    @BeforeAll
    static void start(@TempDir Path data) {
        server = PostgresServer.start(data);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    DataSource repository() throws Exception {
        return TestRepository.postgres(server.newDatabase());
    }
}
