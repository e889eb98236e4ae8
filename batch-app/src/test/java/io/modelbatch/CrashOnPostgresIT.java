package io.modelbatch;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** With the job repository in PostgreSQL. */
class CrashOnPostgresIT extends CrashContract {
    private static PostgresServer server;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        server = PostgresServer.start(data).strict();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    Shop shop(Path folder) {
        return new LocalShop(folder, server.environment());
    }
}
