package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.run.TestRepository;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.ClaimClock;
import io.modelbatch.run.claim.ClaimLostException;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.RunOwner;
import io.modelbatch.step.RunHistory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class OwnedJobRepositoryTest {
    private static final String RUN = "job=predict";

    @TempDir
    private Path folder;

    private JdbcClient jdbc;
    private Claims claims;
    private JobRepository repository;
    private TransactionTemplate transactions;
    private Claim claim;
    private JobExecution execution;
    private StepExecution step;

    @BeforeEach
    void aRunAtWork() throws Exception {
        DataSource database = TestRepository.h2(folder);
        jdbc = JdbcClient.create(database);
        claims = new Claims(database, ClaimClock.DATABASE, lost -> {});
        var manager = new JdbcTransactionManager(database);
        var serializer = new JacksonExecutionContextStringSerializer();
        var factory = new OwnedJobRepository.Factory(new RunHistory(jdbc, serializer), claims);
        factory.setDataSource(database);
        factory.setTransactionManager(manager);
        factory.setSerializer(serializer);
        factory.afterPropertiesSet();
        repository = Objects.requireNonNull(factory.getObject());
        transactions = new TransactionTemplate(manager);
        claim = claims.take(RUN, RunOwner.thisProcess(), Duration.ZERO);
        JobInstance instance = repository.createJobInstance("predict", new JobParameters());
        execution = repository.createJobExecution(instance, new JobParameters(), new ExecutionContext());
        claim.giveTo(execution);
        repository.updateExecutionContext(execution);
        step = repository.createStepExecution("infer", execution);
    }

    @Test
    void whoeverLostARunWritesNothingOfIt() {
        claims.release(claim);
        claims.take(RUN, RunOwner.thisProcess(), Duration.ZERO);
        List<?> before = contents();
        execution.setStatus(BatchStatus.FAILED);
        execution.getExecutionContext().putString("key", "value");
        step.setStatus(BatchStatus.COMPLETED);
        step.getExecutionContext().putString("key", "value");

        assertIsRefused(() -> repository.update(execution));
        assertIsRefused(() -> repository.updateExecutionContext(execution));
        assertIsRefused(() -> repository.update(step));
        assertIsRefused(() -> repository.updateExecutionContext(step));
        assertIsRefused(() -> repository.createStepExecution("load", execution));
        execution.setStatus(BatchStatus.STOPPING); // Spring Batch reads the version of a step again then
        assertIsRefused(() -> repository.update(step));

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aChunkIsRolledBackAsAWhole() {
        step.getExecutionContext().putLong("read", 7);
        claims.release(claim);
        claims.take(RUN, RunOwner.thisProcess(), Duration.ZERO);

        assertIsRefused(() -> transactions.executeWithoutResult(transaction -> {
            jdbc.sql(
                            "insert into MODELBATCH_SHARD (JOB_INSTANCE_ID, STEP_NAME, PARTITION_NUMBER, ORDINAL, REJECTED,"
                                    + " OBJECT_NAME, ROW_COUNT, BYTE_COUNT, CRC32C) values (?, 'infer', 0, 0, 'N', 'a', 1, 1, 'x')")
                    .param(execution.getJobInstance().getInstanceId())
                    .update();
            repository.updateExecutionContext(step);
        }));

        assertThat(jdbc.sql("select count(*) from MODELBATCH_SHARD")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    /** Nobody else writes it. */
    @Test
    void aContextThatIsCommittedIsNotWrittenAgain() {
        step.getExecutionContext().putLong("read", 7);
        repository.updateExecutionContext(step);
        jdbc.sql("update BATCH_STEP_EXECUTION_CONTEXT set SHORT_CONTEXT = 'not written'")
                .update();

        repository.updateExecutionContext(step);
        assertThat(context()).isEqualTo("not written");
        step.getExecutionContext().putLong("read", 8);
        repository.updateExecutionContext(step);

        assertThat(context()).contains("8");
    }

    @Test
    void aContextThatWasRolledBackIsWrittenAgain() {
        step.getExecutionContext().putLong("read", 7);

        transactions.executeWithoutResult(transaction -> {
            repository.updateExecutionContext(step);
            transaction.setRollbackOnly();
        });
        assertThat(context()).doesNotContain("7");
        repository.updateExecutionContext(step);

        assertThat(context()).contains("7");
    }

    private String context() {
        return jdbc.sql("select SHORT_CONTEXT from BATCH_STEP_EXECUTION_CONTEXT where STEP_EXECUTION_ID = ?")
                .param(step.getId())
                .query(String.class)
                .single();
    }

    @Test
    void theOwnerOfARunWritesIt() {
        step.setStatus(BatchStatus.COMPLETED);

        repository.update(step);

        assertThat(repository.getStepExecution(step.getId()).getStatus()).isEqualTo(BatchStatus.COMPLETED);
    }

    @Test
    void theNextExecutionOfARunWorksUnderItsOwnClaim() {
        execution.getExecutionContext().putString("key", "value");

        JobExecution next = repository.createJobExecution(
                execution.getJobInstance(), new JobParameters(), execution.getExecutionContext());

        assertThat(Claim.of(next)).isEmpty();
        assertThat(next.getExecutionContext().getString("key")).isEqualTo("value");
        assertThat(Claim.of(execution)).contains(claim);
    }

    /** A crash may follow at once: the position of a reader, which Spring Batch hands on later, is there already. */
    @Test
    void theNextExecutionOfAStepIsCreatedWithItsContext() {
        step.getExecutionContext().putLong("read", 7);
        repository.updateExecutionContext(step);
        StepExecution partition = repository.createStepExecution("infer:1", execution);
        partition.getExecutionContext().putLong("read", 7);
        repository.updateExecutionContext(partition);
        StepExecution complete = repository.createStepExecution("load", execution);
        complete.getExecutionContext().putLong("read", 7);
        complete.setStatus(BatchStatus.COMPLETED);
        repository.updateExecutionContext(complete);
        repository.update(complete);

        JobExecution next = repository.createJobExecution(
                execution.getJobInstance(), new JobParameters(), execution.getExecutionContext());
        claim.giveTo(next);

        assertThat(created("infer", next).getLong("read")).isEqualTo(7);
        assertThat(created("infer:1", next).containsKey("read")).isFalse(); // found in the ledger
        assertThat(created("load", next).containsKey("read")).isFalse();
    }

    private ExecutionContext created(String name, JobExecution job) {
        StepExecution created = repository.createStepExecution(name, job);
        return repository.getStepExecution(created.getId()).getExecutionContext();
    }

    /** As for a worker that gets nothing but the number of a step execution. */
    @Test
    void whoeverReadsAnExecutionFindsItsClaim() {
        assertThat(Claim.of(repository.getStepExecution(step.getId()).getJobExecution()))
                .contains(claim);
    }

    private static void assertIsRefused(Runnable write) {
        assertThatThrownBy(write::run).isInstanceOf(ClaimLostException.class);
    }

    /** All that the job repository has of the run. */
    private List<?> contents() {
        return List.of(
                jdbc.sql("select * from BATCH_JOB_EXECUTION").query().listOfRows(),
                jdbc.sql("select cast(SHORT_CONTEXT as varchar) from BATCH_JOB_EXECUTION_CONTEXT")
                        .query()
                        .listOfRows(),
                jdbc.sql("select * from BATCH_STEP_EXECUTION").query().listOfRows(),
                jdbc.sql("select cast(SHORT_CONTEXT as varchar) from BATCH_STEP_EXECUTION_CONTEXT")
                        .query()
                        .listOfRows());
    }
}
