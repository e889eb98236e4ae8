package io.modelbatch.step;

import io.micrometer.observation.ObservationRegistry;
import io.modelbatch.facts.Facts;
import io.modelbatch.facts.TrainingProgress;
import io.modelbatch.run.Run;
import io.modelbatch.run.RunFolder;
import io.modelbatch.run.StepProgress;
import io.modelbatch.run.StopRequest;
import io.modelbatch.run.claim.ClaimClock;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.ResultGuard;
import io.modelbatch.run.claim.RunOwner;
import io.modelbatch.store.ObjectUri;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A real job repository in memory, and what steps work with, for tests of what they keep there. */
public final class StepRepository {
    private final DataSource database =
            new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final JdbcTransactionManager transactions = new JdbcTransactionManager(database);
    private final Claims claims = new Claims(database, ClaimClock.DATABASE, lost -> {});
    private final List<String> told = new ArrayList<>();
    private final Run run = new RunOfTest(new StopRequest(), new Telling(), this::verifyFolder);
    private boolean folderIsTaken;
    private final JobRepository jobs;
    private long runs;
    private final StepKit kit;

    private StepRepository(Path scratch) throws Exception {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/h2")
                .load()
                .migrate();
        var serializer = new JacksonExecutionContextStringSerializer();
        JdbcJobRepositoryFactoryBean factory = new JdbcJobRepositoryFactoryBean();
        factory.setDataSource(database);
        factory.setTransactionManager(transactions);
        factory.setSerializer(serializer);
        factory.afterPropertiesSet();
        jobs = factory.getObject();
        kit = new StepKit(
                jobs,
                new RunHistory(jdbc, serializer),
                new OwnedTransactions(transactions, claims),
                execution -> run,
                new RunFolder(ObjectUri.parse("gs://modelbatch/runs"), "de067283", 0),
                ScratchFolder.claim(scratch),
                ObservationRegistry.NOOP);
    }

    /** An empty one. */
    public static StepRepository open(Path scratch) {
        try {
            return new StepRepository(scratch);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The kit that steps work with. */
    public StepKit kit() {
        return kit;
    }

    public JdbcClient jdbc() {
        return jdbc;
    }

    /** The progress that was reported. */
    public List<String> told() {
        return told;
    }

    /** Another run takes every folder of a result. */
    public void takeFolders() {
        folderIsTaken = true;
    }

    private void verifyFolder(ObjectUri folder) {
        if (folderIsTaken) {
            throw new StepFailedException("taken");
        }
    }

    /** A new run of a job. */
    public JobInstance run(String job) {
        return jobs.createJobInstance(
                job, new JobParametersBuilder().addLong("number", ++runs).toJobParameters());
    }

    /** A new execution of a run, under a claim of its own. */
    public JobExecution execution(JobInstance run) {
        JobExecution execution = jobs.createJobExecution(run, new JobParameters(), new ExecutionContext());
        claims.take("execution-" + execution.getId(), RunOwner.thisProcess(), Duration.ZERO)
                .giveTo(execution);
        jobs.updateExecutionContext(execution);
        return execution;
    }

    /** A step of an execution, or a partition. */
    public StepExecution step(JobExecution execution, String name) {
        return jobs.createStepExecution(name, execution);
    }

    /** Keeps what is in the context of a step. */
    public void save(StepExecution step) {
        jobs.updateExecutionContext(step);
    }

    /** Commits what an action does. */
    public void commit(Runnable action) {
        new TransactionTemplate(transactions).executeWithoutResult(transaction -> action.run());
    }

    /** Does something whose commit does not take place. */
    public void rollBack(Runnable action) {
        new TransactionTemplate(transactions).executeWithoutResult(transaction -> {
            action.run();
            transaction.setRollbackOnly();
        });
    }

    /** The run of all steps. */
    private record RunOfTest(StopRequest stop, StepProgress progress, ResultGuard results) implements Run {
        @Override
        public OptionalInt spotFallbackAfter() {
            return OptionalInt.empty();
        }
    }

    private final class Telling implements StepProgress {
        @Override
        public void stage(String step, String words) {
            told.add(step + " " + words);
        }

        @Override
        public void rows(String step, long done, long total) {
            told.add(step + " " + done + " of " + total);
        }

        @Override
        public void workers(String step, int workers, int partitions) {}

        @Override
        public void warns(String message) {}

        @Override
        public void training(String step, TrainingProgress progress) {
            throw new IllegalStateException("no training here");
        }

        @Override
        public void progressBar(String step, String line) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void output(String step, String line) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void result(String step, Facts facts) {
            told.add(step + " " + facts.getClass().getSimpleName());
        }
    }
}
