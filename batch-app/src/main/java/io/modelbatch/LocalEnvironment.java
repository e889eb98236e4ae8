package io.modelbatch;

import io.modelbatch.extension.Check;
import io.modelbatch.launch.LocalFolders;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.report.RunEnvironment;
import io.modelbatch.run.RunFolder;
import io.modelbatch.step.CommonChecks;
import io.modelbatch.step.command.ProgramPlace;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.warehouse.Warehouse;
import io.modelbatch.warehouse.local.LocalWarehouse;
import java.util.Optional;
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
        return LocalWarehouse.of(folders.warehouse(), folders.pinned(), store);
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
    ProgramPlace programPlace() {
        return new ProgramPlace("local", Optional.empty());
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
