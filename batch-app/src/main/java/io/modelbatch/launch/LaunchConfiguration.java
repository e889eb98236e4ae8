package io.modelbatch.launch;

import com.google.common.base.Ticker;
import com.zaxxer.hikari.HikariDataSource;
import io.modelbatch.extension.Check;
import io.modelbatch.report.RunEnvironment;
import io.modelbatch.report.RunReports;
import io.modelbatch.run.ClaimClock;
import io.modelbatch.run.Claims;
import io.modelbatch.run.OnTakeover;
import io.modelbatch.step.CommonChecks;
import io.modelbatch.step.JobFactory;
import io.modelbatch.step.RunFiles;
import io.modelbatch.step.RunFolder;
import io.modelbatch.step.StopSignal;
import io.modelbatch.store.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** Wires what starts, watches and ends runs. */
@Configuration(proxyBeanMethods = false)
public class LaunchConfiguration {
    /** More than two renewals of a marker, and what a mount may remember of an object. */
    private static final Duration WATCHED = Duration.ofSeconds(150);

    @Bean
    Claims claims(JdbcClient jdbc, OnTakeover onTakeover) {
        return new Claims(jdbc, ClaimClock.DATABASE, onTakeover);
    }

    /** Of a process that is there for one command. */
    @Bean
    OnTakeover haltOnTakeover() {
        return new HaltOnTakeover();
    }

    @Bean
    ResultMarkers resultMarkers(ObjectStore store) {
        return new ResultMarkers(store, Clock.systemUTC(), WATCHED);
    }

    @Bean
    TargetClaims targetClaims(JdbcClient jdbc, PlatformTransactionManager transactions) {
        return new TargetClaims(jdbc, transactions, ClaimClock.DATABASE);
    }

    @Bean
    StopSignal stopSignal() {
        return new StopSignal();
    }

    @Bean
    RunEvents runEvents() {
        return new RunEvents(Ticker.systemTicker());
    }

    @Bean
    RunReports runReports(ObjectStore store) {
        return new RunReports(store);
    }

    @Bean
    RunCatalog runCatalog(JdbcClient jdbc, RunReports reports, RunFolder folder, Claims claims) {
        return new RunCatalog(jdbc, reports, folder, claims, Clock.systemUTC());
    }

    @Bean
    StartRun startRun(
            JobRepository repository,
            JobOperator operator,
            JobFactory jobs,
            Claims claims,
            TargetClaims targets,
            ResultMarkers markers,
            StopSignal stop,
            FinishRun finish,
            RunEvents events) {
        return new StartRun(
                repository, operator, jobs, claims, targets, markers, new StopOnSignal(stop, events), finish, events);
    }

    @Bean
    CheckJob checkJob(List<Check> environment, JobFactory jobs) {
        return new CheckJob(environment, jobs);
    }

    @Bean
    RunControl runControl(JobRepository repository, RunCatalog catalog, Claims claims) {
        return new RunControl(repository, catalog, claims);
    }

    @Bean
    PruneRuns pruneRuns(JdbcClient jdbc, RunCatalog catalog, RunFiles files, Claims claims) {
        return new PruneRuns(new StoredRuns(jdbc), catalog, files, claims, Clock.systemUTC());
    }

    @Bean
    FinishRun finishRun(
            RunCatalog catalog,
            JobRepository repository,
            RunReports reports,
            RunLogs logs,
            RunEnvironment environment,
            Disks disks) {
        return new FinishRun(catalog, repository, reports, logs, environment, disks);
    }

    @Bean
    Disks disks(LocalFolders folders, ObjectProvider<RepositoryReserve> reserve, DataSource repository) {
        return new Disks(folders.volumes(), reserve.stream().findFirst(), () -> reconnect(repository));
    }

    @Bean
    Check diskSpace(Disks disks) {
        return CommonChecks.room(disks.volumes());
    }

    private static void reconnect(DataSource repository) {
        HikariDataSource pool = DataSourceUnwrapper.unwrap(repository, HikariDataSource.class);
        if (pool != null && pool.getHikariPoolMXBean() != null) {
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    @Bean
    RunLogs runLogs(LocalFolders folders, ObjectStore store) {
        return new RunLogs(folders.logs(), store);
    }
}
