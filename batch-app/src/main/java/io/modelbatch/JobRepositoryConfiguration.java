package io.modelbatch;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.modelbatch.extension.Check;
import io.modelbatch.launch.LocalFolders;
import io.modelbatch.launch.RepositoryReserve;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.step.RunHistory;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import javax.sql.DataSource;
import org.springframework.batch.core.configuration.BatchConfigurationException;
import org.springframework.batch.core.configuration.support.JdbcDefaultBatchConfiguration;
import org.springframework.batch.core.repository.ExecutionContextSerializer;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** The job repository: H2 by default, PostgreSQL by its URL. Only what it needs is configured, and made when it is needed, for a quick start. */
@Configuration(proxyBeanMethods = false)
class JobRepositoryConfiguration extends JdbcDefaultBatchConfiguration {
    /** Spring Batch's default is Java serialization, which nobody can read. */
    private static final ExecutionContextSerializer CONTEXTS = new JacksonExecutionContextStringSerializer();

    /** The default, without an address of another one. */
    @Bean
    @Conditional(NoAddress.class)
    H2Repository h2Repository(LocalFolders folders) {
        return new H2Repository(folders);
    }

    /** Another one, by its address. */
    @Bean
    @ConditionalOnProperty(RepositoryConnection.ADDRESS)
    JdbcConnectionDetails addressedRepository(Environment properties) {
        return RepositoryConnection.of(properties, properties.getProperty("spring.datasource.password"));
    }

    @Bean
    HikariDataSource dataSource(JdbcConnectionDetails repository, Environment properties) {
        HikariDataSource pool = new HikariDataSource();
        pool.setUsername(repository.getUsername());
        pool.setPassword(repository.getPassword());
        Binder.get(properties).bind("spring.datasource.hikari", Bindable.ofInstance(pool));
        pool.setDataSource(RepositoryDriver.of(repository, pool.getDataSourceProperties()));
        return pool;
    }

    /** Room for the last words of a run, where the job repository is a file. */
    @Bean
    @Conditional(NoAddress.class)
    RepositoryReserve repositoryReserve(LocalFolders folders) {
        return new RepositoryReserve(folders);
    }

    /** None where somebody else makes the tables. */
    @Bean
    @ConditionalOnBooleanProperty(name = "spring.flyway.enabled", matchIfMissing = true)
    MigrateSchema migrateSchema(DataSource repository) {
        return new MigrateSchema(repository);
    }

    @Bean
    static LazyConnections lazyConnections() {
        return new LazyConnections();
    }

    @Bean
    JdbcClient jdbcClient(DataSource repository) {
        return JdbcClient.create(repository);
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource repository) {
        JdbcTransactionManager transactions = new JdbcTransactionManager(repository);
        // Work outside a transaction keeps no connection from its first statement to its end.
        transactions.setTransactionSynchronization(JdbcTransactionManager.SYNCHRONIZATION_ON_ACTUAL_TRANSACTION);
        return transactions;
    }

    @Bean
    @Order(0)
    Check repositoryInUse(DataSource repository, JdbcConnectionDetails details) {
        return new Check("job repository", () -> {
            try (Connection connection = repository.getConnection()) {
                DatabaseMetaData database = connection.getMetaData();
                String name = database.getDatabaseProductName();
                // What follows a question mark or a semicolon in an address may be a secret.
                String place = database.getURL().split("[?;]", 2)[0];
                return name + " " + database.getDatabaseProductVersion() + ", " + place
                        + (name.equals("H2") ? "; for this machine only" + protection(details) : "");
            }
        });
    }

    /** A warning for an H2 file, at an address of the user's own, that has no password; empty when it has one. */
    private static String protection(JdbcConnectionDetails details) {
        String password = details.getPassword();
        return password == null || password.isEmpty()
                ? "; without a password: whoever can read its folder can open it, and with AUTO_SERVER act as this user."
                        + " Close the folder, or set SPRING_DATASOURCE_PASSWORD"
                : "";
    }

    /** Matches when the address of the job repository is not set. */
    static final class NoAddress extends NoneNestedConditions {
        NoAddress() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnProperty(RepositoryConnection.ADDRESS)
        static final class Address {}
    }

    /** Of Spring Batch: jobs and steps. Costs nothing until somebody listens. */
    @Bean
    ObservationRegistry observationRegistry(ObjectProvider<ObservationHandler<?>> handlers) {
        ObservationRegistry observations = ObservationRegistry.create();
        handlers.orderedStream().forEach(observations.observationConfig()::observationHandler);
        return observations;
    }

    @Override
    protected ObservationRegistry getObservationRegistry() {
        return applicationContext.getBean(ObservationRegistry.class);
    }

    @Bean
    RunHistory runHistory(JdbcClient jdbc) {
        return new RunHistory(jdbc, CONTEXTS);
    }

    @Bean
    @Override
    public JobRepository jobRepository() throws BatchConfigurationException {
        try {
            OwnedJobRepository.Factory factory = new OwnedJobRepository.Factory(
                    applicationContext.getBean(RunHistory.class), applicationContext.getBean(Claims.class));
            factory.setDataSource(getDataSource());
            factory.setTransactionManager(getTransactionManager());
            factory.setSerializer(CONTEXTS);
            factory.afterPropertiesSet();
            return factory.getObject();
        } catch (Exception e) {
            throw new BatchConfigurationException("The job repository cannot be set up", e);
        }
    }
}
