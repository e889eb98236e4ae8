package io.modelbatch.launch;

import io.modelbatch.PostgresServer;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class TargetClaimsOnPostgresTest extends TargetClaimsContract {
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
        var database = new DriverManagerDataSource(server.newDatabase(), "postgres", "postgres");
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/postgresql")
                .load()
                .migrate();
        return database;
    }
}
