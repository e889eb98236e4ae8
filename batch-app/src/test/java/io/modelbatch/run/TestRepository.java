package io.modelbatch.run;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Empty job repositories with their tables. */
public final class TestRepository {
    private TestRepository() {}

    /** One in a file. */
    public static DataSource h2(Path folder) {
        return migrated("h2", new DriverManagerDataSource("jdbc:h2:file:" + folder.resolve("repository"), "sa", ""));
    }

    /** One in an empty database of a server. */
    public static DataSource postgres(String url) {
        return migrated("postgresql", new DriverManagerDataSource(url, "postgres", "postgres"));
    }

    private static DataSource migrated(String vendor, DataSource database) {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/" + vendor)
                .load()
                .migrate();
        return database;
    }
}
