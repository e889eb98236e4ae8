package io.modelbatch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.ClaimClock;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.RunOwner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

class RunSequenceTest {
    private static final RunParameters JANUARY = new RunParameters("predict", Map.of("day", "2026-01-01"));
    private static final RunParameters FEBRUARY = new RunParameters("predict", Map.of("day", "2026-02-01"));

    @TempDir
    private Path folder;

    private JobRepository repository;
    private Claim claim;
    private RunSequence sequence;

    @BeforeEach
    void openRepository() throws Exception {
        DataSource database = TestRepository.h2(folder);
        repository = TestRepository.jobs(database);
        Claims claims = new Claims(database, ClaimClock.DATABASE, lost -> {});
        claim = claims.take(JANUARY.key(), RunOwner.thisProcess(), Duration.ZERO);
        sequence = new RunSequence(repository, claim);
    }

    @Test
    void theFirstRunHasTheNumberOne() {
        run(FEBRUARY, 1, BatchStatus.COMPLETED);

        RunSequence.Newest newest = sequence.newest(JANUARY);

        assertThat(newest.number()).isEqualTo(1);
        assertThat(newest.execution()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 7, 8, 9})
    void theNewestRunHasTheLargestNumber(long number) {
        for (long n = 1; n <= number; n++) {
            run(JANUARY, n, BatchStatus.COMPLETED);
        }

        RunSequence.Newest newest = sequence.newest(JANUARY);

        assertThat(newest.number()).isEqualTo(number);
        assertThat(newest.execution().orElseThrow().getJobParameters().getLong(RunParameters.SEQUENCE))
                .isEqualTo(number);
    }

    @Test
    void theLastExecutionOfARunCounts() {
        JobExecution first = run(JANUARY, 1, BatchStatus.FAILED);
        JobExecution second = execution(first.getJobInstance(), JANUARY, 1, BatchStatus.COMPLETED);

        assertThat(sequence.newest(JANUARY).execution().orElseThrow().getId()).isEqualTo(second.getId());
    }

    @Test
    void whatADeadProcessLeftOpenIsRestartable() {
        JobExecution dead = run(JANUARY, 1, BatchStatus.STARTED);
        step(dead, "extract", BatchStatus.COMPLETED);
        step(dead, "infer:0", BatchStatus.STARTED);
        step(dead, "infer:1", BatchStatus.UNKNOWN);

        JobExecution recovered = sequence.newest(JANUARY).execution().orElseThrow();

        assertThat(recovered.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(recovered.getEndTime()).isNotNull();
        assertThat(recovered.getExitStatus().getExitDescription()).contains("The process ended before the run did");
        assertThat(recovered.getStepExecutions())
                .extracting(StepExecution::getStepName, StepExecution::getStatus)
                .containsExactlyInAnyOrder(
                        tuple("extract", BatchStatus.COMPLETED),
                        tuple("infer:0", BatchStatus.FAILED),
                        tuple("infer:1", BatchStatus.FAILED));
    }

    /** Spring Batch would refuse such a run for ever. */
    @Test
    void aRunWithoutAnyExecutionIsRemoved() {
        run(JANUARY, 1, BatchStatus.COMPLETED);
        repository.createJobInstance("predict", JANUARY.sequence(2));

        RunSequence.Newest newest = sequence.newest(JANUARY);

        assertThat(newest.number()).isEqualTo(2);
        assertThat(newest.execution()).isEmpty();
        assertThat(repository.getJobInstance("predict", JANUARY.sequence(2))).isNull();
    }

    @Test
    void anAbandonedExecutionWorksUnderTheClaimOfWhoAbandonedIt() {
        JobExecution failed = run(JANUARY, 1, BatchStatus.FAILED);

        new RecoverRun(repository, claim).abandon(failed);

        assertThat(Claim.of(failed)).contains(claim);
        assertThat(sequence.newest(JANUARY).execution().orElseThrow().getStatus())
                .isEqualTo(BatchStatus.ABANDONED);
    }

    private JobExecution run(RunParameters parameters, long number, BatchStatus status) {
        JobInstance instance = repository.createJobInstance(parameters.job(), parameters.sequence(number));
        return execution(instance, parameters, number, status);
    }

    private JobExecution execution(JobInstance instance, RunParameters parameters, long number, BatchStatus status) {
        JobExecution execution =
                repository.createJobExecution(instance, parameters.sequence(number), new ExecutionContext());
        execution.setStatus(status);
        repository.update(execution);
        return execution;
    }

    private void step(JobExecution execution, String name, BatchStatus status) {
        StepExecution step = repository.createStepExecution(name, execution);
        step.setStatus(status);
        repository.update(step);
    }
}
