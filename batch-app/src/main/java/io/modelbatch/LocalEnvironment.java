package io.modelbatch;

import io.modelbatch.artifact.ObjectStore;
import io.modelbatch.artifact.ObjectStores;
import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.report.RunEnvironment;
import io.modelbatch.source.Warehouse;
import io.modelbatch.source.Warehouses;
import io.modelbatch.step.Check;
import io.modelbatch.step.RunFolder;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The local environment: tables and buckets are folders below one home. */
@Configuration(proxyBeanMethods = false)
@Profile("!gcp")
class LocalEnvironment {
    private final Path home;

    LocalEnvironment(@Value("${modelbatch.local.home}") Path home) {
        this.home = home;
    }

    @Bean
    ObjectStore objectStore() {
        return ObjectStores.folder(home.resolve("buckets"));
    }

    @Bean(destroyMethod = "close")
    Warehouse warehouse(ObjectStore store) {
        return Warehouses.local(home.resolve("warehouse"), home.resolve("pinned"), store);
    }

    @Bean
    ModelRepository modelRepository(ObjectStore store) {
        return new ModelRepository(store, home.resolve("cache"));
    }

    @Bean
    RunFolder runFolder(JdbcClient repository) {
        return RunFolder.below(ObjectUri.parse("gs://modelbatch/runs"), repository);
    }

    @Bean
    RunEnvironment runEnvironment() {
        return RunEnvironment.LOCAL;
    }

    @Bean
    Check buckets(ObjectStore store, RunFolder runs) {
        return Check.writable(store, runs.root());
    }
}
