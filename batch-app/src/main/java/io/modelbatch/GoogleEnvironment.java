package io.modelbatch;

import io.modelbatch.base.SettingsException;
import io.modelbatch.extension.Check;
import io.modelbatch.google.AuthorizedPost;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.google.SecretManager;
import io.modelbatch.launch.LocalFolders;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.report.RunEnvironment;
import io.modelbatch.run.RunFolder;
import io.modelbatch.step.CommonChecks;
import io.modelbatch.step.command.ProgramPlace;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.google.CloudStorageStore;
import io.modelbatch.store.google.MountedStore;
import io.modelbatch.store.google.StoreByBucket;
import io.modelbatch.warehouse.google.BigQueryWarehouse;
import io.modelbatch.worker.WorkerSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Google Cloud: tables are BigQuery's, buckets Cloud Storage's, by its API or where they are mounted. */
@Configuration(proxyBeanMethods = false)
@Profile("gcp")
class GoogleEnvironment {
    @Bean
    GoogleSettings googleSettings(ConfigurableEnvironment environment) {
        return GoogleSettings.of(environment, typed(environment));
    }

    @Bean
    GoogleProject googleProject(GoogleSettings settings) {
        return settings.googleProject();
    }

    /** Workers that a service of Google Cloud starts. */
    @Bean
    @ConditionalOnProperty("modelbatch.gcp.start-workers")
    WorkerSource workerSource(GoogleSettings settings, GoogleProject project) {
        return machines -> new AuthorizedPost(project, settings.startWorkers(machines)).send();
    }

    /** The job repository, with a password that no property has. */
    @Bean
    @Primary
    @ConditionalOnProperty({"modelbatch.gcp.password-secret", RepositoryConnection.ADDRESS})
    JdbcConnectionDetails jobRepositoryWithSecret(
            GoogleSettings settings, GoogleProject project, Environment environment) {
        String secret = Objects.requireNonNull(settings.passwordSecret());
        return RepositoryConnection.of(environment, new SecretManager(project).latest(secret));
    }

    @Bean
    ObjectStore objectStore(GoogleSettings settings, GoogleProject project) {
        CloudStorageStore api = CloudStorageStore.open(project, Optional.ofNullable(settings.storageEndpoint()));
        return ObjectStores.retrying(new StoreByBucket(mounted(settings.mounts()), api));
    }

    @Bean(destroyMethod = "close")
    BigQueryWarehouse warehouse(GoogleSettings settings, GoogleProject project) throws IOException {
        return BigQueryWarehouse.open(project, settings.bigQuery());
    }

    @Bean
    ModelRepository modelRepository(ObjectStore store, LocalFolders folders) {
        return new ModelRepository(store, folders.cache());
    }

    @Bean
    RunFolder runFolder(GoogleSettings settings, JdbcClient repository) {
        return RunFolder.below(ObjectUri.parse("gs://" + settings.bucket() + "/runs"), repository);
    }

    @Bean
    ProgramPlace programPlace(GoogleSettings settings) {
        return new ProgramPlace("gcp", Optional.of(settings.project()));
    }

    @Bean
    RunEnvironment runEnvironment(GoogleSettings settings) {
        return new RunEnvironment("gcp", settings.project(), settings.location());
    }

    @Bean
    @Order(1)
    Check project(GoogleSettings settings) {
        return new Check(
                "project", () -> settings.project() + ", queries run and are billed there in " + settings.location());
    }

    @Bean
    @Order(2)
    Check credentials(GoogleProject project) {
        return new Check("credentials", () -> GoogleIdentity.accepted(project.credentials()));
    }

    @Bean
    @Order(3)
    Check pinnedDataset(BigQueryWarehouse warehouse, GoogleSettings settings) {
        return new Check("dataset " + settings.dataset(), warehouse::verifyDataset);
    }

    @Bean
    @Order(4)
    Check bucketOfRuns(ObjectStore store, RunFolder runs) {
        return CommonChecks.writable(store, runs.root());
    }

    private static Set<String> typed(ConfigurableEnvironment environment) {
        return environment.getPropertySources().get(CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME)
                        instanceof EnumerablePropertySource<?> arguments
                ? Set.of(arguments.getPropertyNames())
                : Set.of();
    }

    private static Map<String, ObjectStore> mounted(Map<String, Path> mounts) {
        Map<String, ObjectStore> stores = new HashMap<>();
        List<String> problems = new ArrayList<>();
        mounts.forEach((bucket, folder) -> {
            try {
                stores.put(bucket, MountedStore.open(bucket, folder));
            } catch (IOException e) {
                problems.add(GoogleSettings.mount(bucket) + ": " + e.getMessage());
            }
        });
        if (!problems.isEmpty()) {
            throw new SettingsException(String.join(System.lineSeparator(), problems));
        }
        return stores;
    }
}
