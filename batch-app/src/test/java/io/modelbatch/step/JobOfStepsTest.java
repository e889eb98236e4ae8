package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.infrastructure.item.ExecutionContext;

class JobOfStepsTest {
    @TempDir
    private Path scratch;

    private StepRepository repository;
    private JobExecution execution;
    private final List<String> committed = new ArrayList<>();

    @BeforeEach
    void open() {
        repository = StepRepository.open(scratch);
        JobRepository jobs = repository.kit().repository();
        execution = jobs.createJobExecution(
                jobs.createJobInstance("job", new JobParameters()), new JobParameters(), new ExecutionContext());
    }

    /** A crash in the middle of it is followed by a run that removes the rest. */
    @Test
    void leftoversAreRemovedBeforeTheCompletionIsCommitted() throws Exception {
        run(true, complete -> committed.add(status()));

        assertThat(committed).containsExactly("STARTED");
        assertThat(status()).isEqualTo("COMPLETED");
    }

    @Test
    void whatCannotBeRemovedDoesNotFailTheJob() throws Exception {
        run(true, complete -> {
            throw new IllegalStateException("not now");
        });

        assertThat(status()).isEqualTo("COMPLETED");
    }

    @Test
    void aJobThatFailedKeepsThem() throws Exception {
        run(false, complete -> committed.add(status()));

        assertThat(committed).isEmpty();
        assertThat(status()).isEqualTo("FAILED");
    }

    private void run(boolean succeeds, Consumer<JobExecution> removal) throws Exception {
        JobOfSteps job = new JobOfSteps("job", removal);
        job.setJobRepository(repository.kit().repository());
        job.addStep(new DelegatingStep(
                "step",
                execution -> {
                    if (!succeeds) {
                        throw new IllegalStateException("fails");
                    }
                },
                repository.kit().repository()));
        job.execute(execution);
    }

    private String status() {
        return repository
                .jdbc()
                .sql("select STATUS from BATCH_JOB_EXECUTION")
                .query(String.class)
                .single();
    }
}
