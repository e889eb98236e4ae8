package io.modelbatch.launch;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.modelbatch.extension.Check;
import io.modelbatch.report.Prices;
import io.modelbatch.report.RunEnvironment;
import io.modelbatch.report.RunReports;
import io.modelbatch.run.ActiveRuns;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunFolder;
import io.modelbatch.run.RunLog;
import io.modelbatch.run.claim.ClaimClock;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.OnTakeover;
import io.modelbatch.run.claim.ResultMarkers;
import io.modelbatch.run.claim.TargetClaims;
import io.modelbatch.step.CommonChecks;
import io.modelbatch.step.JobFactory;
import io.modelbatch.step.RunFiles;
import io.modelbatch.step.RunHistory;
import io.modelbatch.step.Workspaces;
import io.modelbatch.step.infer.CommittedAnswers;
import io.modelbatch.step.rows.CommittedPace;
import io.modelbatch.step.rows.RejectSamples;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** Wires what starts, watches and ends runs. */
@Configuration(proxyBeanMethods = false)
public class LaunchConfiguration {
    /** More than two renewals of a marker, and what a mount may remember of an object. */
    private static final Duration WATCHED = Duration.ofSeconds(150);

    @Bean
    Claims claims(DataSource repository, OnTakeover onTakeover) {
        return new Claims(repository, ClaimClock.DATABASE, onTakeover);
    }

    /** Of a process that is there for one command. */
    @Bean
    OnTakeover haltOnTakeover() {
        return new HaltOnTakeover();
    }

    @Bean
    ActiveRuns activeRuns(
            Claims claims,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            ObjectStore store,
            LocalFolders folders) {
        return new ActiveRuns(
                claims,
                new TargetClaims(jdbc, transactions, ClaimClock.DATABASE),
                () -> new ResultMarkers(store, Clock.systemUTC(), WATCHED),
                () -> RunLog.open(folders.logs(), store));
    }

    @Bean
    Workspaces workspaces(LocalFolders folders) {
        return new Workspaces(folders.workspaces());
    }

    @Bean
    RunReports runReports(ObjectStore store) {
        return new RunReports(store);
    }

    @Bean
    RunCatalog runCatalog(JdbcClient jdbc, RunFolder folder, Claims claims) {
        return new RunCatalog(jdbc, folder, claims, Clock.systemUTC());
    }

    @Bean
    SampledFacts sampledFacts(RunHistory history, RejectSamples rejects, CommittedAnswers committed) {
        return new SampledFacts(history, rejects, committed);
    }

    @Bean
    BuildReport buildReport(
            RunCatalog catalog,
            RunHistory history,
            SampledFacts facts,
            CommittedPace committed,
            RunReports reports,
            ObjectStore store,
            RunEnvironment environment,
            Environment properties) {
        return new BuildReport(
                catalog, history, facts, committed, reports, store, environment, Prices.of(properties::getProperty));
    }

    @Bean
    FindReport findReport(RunCatalog catalog, RunReports reports, BuildReport build) {
        return new FindReport(catalog, reports, build);
    }

    @Bean
    StartRun startRun(
            JobRepository repository, JobOperator operator, JobFactory jobs, ActiveRuns runs, FinishRun finish) {
        return new StartRun(
                repository, operator, jobs, runs, new StopOnSignal(runs), finish, NotifyOfEnd.ofThisProcess());
    }

    @Bean
    CheckJob checkJob(List<Check> environment, JobFactory jobs) {
        return new CheckJob(environment, jobs, NotifyOfEnd.ofThisProcess());
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
            BuildReport build,
            FindReport find,
            Disks disks,
            RunMetrics metrics) {
        return new FinishRun(catalog, repository, reports, build, find, disks, metrics);
    }

    @Bean
    RunMetrics runMetrics(Telemetry telemetry, MeterRegistry meters, RunCatalog catalog) {
        return new RunMetrics(telemetry, meters, catalog, InstantSource.system());
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
}
