package io.modelbatch.step;

import io.micrometer.observation.ObservationRegistry;
import io.modelbatch.base.DiskFailure;
import io.modelbatch.base.SettingsException;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.run.RunFolder;
import io.modelbatch.run.Runs;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.warehouse.Warehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** Wires what the steps of all types share. */
@Configuration(proxyBeanMethods = false)
public class StepConfiguration {
    @Bean
    JobFactory jobFactory(
            JobRepository repository, StepFactories factories, Runs runs, ObservationRegistry observations) {
        return new JobFactory(repository, factories, runs, observations);
    }

    @Bean
    StepFactories stepFactories(StepTypes types, BeanFactory beans) {
        return new StepFactories(types, beans::getBean);
    }

    @Bean
    RunFiles runFiles(Warehouse warehouse, ObjectStore store, RunFolder folder, Workspaces workspaces) {
        return new RunFiles(warehouse, store, folder, workspaces);
    }

    @Bean
    StepKit stepKit(
            JobRepository repository,
            RunHistory history,
            OwnedTransactions transactions,
            Runs runs,
            RunFolder folder,
            ScratchFolder scratch,
            ObservationRegistry observations) {
        return new StepKit(repository, history, transactions, runs, folder, scratch, observations);
    }

    @Bean
    OwnedTransactions ownedTransactions(PlatformTransactionManager manager, Claims claims) {
        return new OwnedTransactions(manager, claims);
    }

    @Bean(destroyMethod = "close")
    ScratchFolder scratchFolder() {
        String folder = System.getProperty("java.io.tmpdir");
        try {
            return ScratchFolder.claim(Path.of(folder));
        } catch (IOException e) {
            if (DiskFailure.of(e).filter(DiskFailure::mayPass).isPresent()) {
                throw new UncheckedIOException(e);
            }
            throw new SettingsException("The folder for temporary files, " + folder + ", cannot be used ("
                    + e.getClass().getSimpleName() + ": " + e.getMessage()
                    + "). Make it, or name another with java -Djava.io.tmpdir=DIR");
        }
    }
}
