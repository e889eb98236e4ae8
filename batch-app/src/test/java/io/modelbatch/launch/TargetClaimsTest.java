package io.modelbatch.launch;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class TargetClaimsTest extends TargetClaimsContract {
    @TempDir
    private Path folder;

    @Override
    DataSource repository() {
        var database = new DriverManagerDataSource("jdbc:h2:file:" + folder.resolve("repository"), "sa", "");
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/h2")
                .load()
                .migrate();
        return database;
    }
}
