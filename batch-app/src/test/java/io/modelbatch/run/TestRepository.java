package io.modelbatch.run;

import java.nio.file.Path;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

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

    /** Spring Batch's access to one. */
    public static JobRepository jobs(DataSource database) throws Exception {
        JdbcJobRepositoryFactoryBean factory = new JdbcJobRepositoryFactoryBean();
        factory.setDataSource(database);
        factory.setTransactionManager(new JdbcTransactionManager(database));
        factory.setSerializer(new JacksonExecutionContextStringSerializer());
        factory.afterPropertiesSet();
        return Objects.requireNonNull(factory.getObject());
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
