package io.modelbatch;

import io.modelbatch.artifact.ObjectStore;
import io.modelbatch.artifact.ObjectStores;
import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.extension.Check;
import io.modelbatch.launch.LocalFolders;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.report.RunEnvironment;
import io.modelbatch.source.Warehouse;
import io.modelbatch.source.Warehouses;
import io.modelbatch.step.CommonChecks;
import io.modelbatch.step.RunFolder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The local environment: tables and buckets are folders below one home. */
@Configuration(proxyBeanMethods = false)
@Profile("!gcp")
class LocalEnvironment {
    @Bean
    ObjectStore objectStore(LocalFolders folders) {
        return ObjectStores.folder(folders.buckets());
    }

    @Bean(destroyMethod = "close")
    Warehouse warehouse(LocalFolders folders, ObjectStore store) {
        return Warehouses.local(folders.warehouse(), folders.pinned(), store);
    }

    @Bean
    ModelRepository modelRepository(LocalFolders folders, ObjectStore store) {
        return new ModelRepository(store, folders.cache());
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
        return CommonChecks.writable(store, runs.root());
    }
}
