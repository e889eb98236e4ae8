package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.step.StepExecution;

class StepOutputsTest {
    @TempDir
    private Path folder;

    private StepRepository repository;
    private StepOutputs outputs;
    private JobInstance run;
    private JobExecution first;

    record Found(String what, int number) {}

    @BeforeEach
    void open() {
        repository = StepRepository.open(folder);
        outputs = repository.kit().outputs();
        run = repository.run("predict");
        first = repository.execution(run);
    }

    @Test
    void aLaterStepReadsWhatAnEarlierOneLeft() {
        left(first, "extract", 7);

        StepExecution reader = repository.step(first, "infer");

        assertThat(outputs.of(reader, "extract", Found.class)).isEqualTo(new Found("rows", 7));
    }

    @Test
    void aStepOfTheNextExecutionReadsIt() {
        left(first, "extract", 7);

        StepExecution reader = repository.step(repository.execution(run), "infer");

        assertThat(outputs.of(reader, "extract", Found.class).number()).isEqualTo(7);
    }

    /** A crash between two transactions of Spring Batch leaves an execution with an empty context. */
    @Test
    void theNewestExecutionThatLeftSomethingCounts() {
        left(first, "extract", 7);
        left(repository.execution(run), "extract", 8);
        StepExecution empty = repository.step(repository.execution(run), "extract");

        assertThat(outputs.find(empty, Found.class)).contains(new Found("rows", 8));
    }

    @Test
    void whatIsNotCommittedIsNotThere() {
        StepExecution extract = repository.step(first, "extract");
        outputs.put(extract.getExecutionContext(), new Found("rows", 7));

        StepExecution reader = repository.step(first, "infer");

        assertThatThrownBy(() -> outputs.of(reader, "extract", Found.class))
                .hasMessageContainingAll("Step extract", "predict-1", "Found");
    }

    @Test
    void anotherRunHasItsOwn() {
        left(first, "extract", 7);

        StepExecution reader = repository.step(repository.execution(repository.run("other")), "infer");

        assertThatThrownBy(() -> outputs.of(reader, "extract", Found.class)).hasMessageContaining("other-2");
    }

    @Test
    void eachPartitionCountsOnce() {
        left(first, "infer:0", 1);
        left(first, "infer:1", 2);
        left(first, "infer-2:0", 100);
        JobExecution second = repository.execution(run);
        left(second, "infer:1", 3);

        StepExecution manager = repository.step(second, "infer");

        assertThat(outputs.ofPartitions(manager, Found.class))
                .extracting(Found::number)
                .containsExactlyInAnyOrder(1, 3);
    }

    @Test
    void partitionsReadWhatTheManagerOfTheirExecutionCommitted() {
        forPartitions(first, 1);
        JobExecution second = repository.execution(run);
        forPartitions(second, 2);

        assertThat(outputs.forPartitions(repository.step(first, "infer:0"), Found.class)
                        .number())
                .isEqualTo(1);
        assertThat(outputs.forPartitions(repository.step(second, "infer:0"), Found.class)
                        .number())
                .isEqualTo(2);
    }

    @Test
    void aPartitionDoesNotBeginBeforeItsManagerHasCommitted() {
        StepExecution manager = repository.step(first, "infer");
        outputs.putForPartitions(manager.getExecutionContext(), new Found("rows", 1));

        StepExecution partition = repository.step(first, "infer:0");

        assertThatThrownBy(() -> outputs.forPartitions(partition, Found.class))
                .hasMessageContainingAll("Step infer", "predict-1", "committed no Found");
    }

    private void left(JobExecution execution, String step, int number) {
        StepExecution earlier = repository.step(execution, step);
        outputs.put(earlier.getExecutionContext(), new Found("rows", number));
        repository.save(earlier);
    }

    private void forPartitions(JobExecution execution, int number) {
        StepExecution manager = repository.step(execution, "infer");
        outputs.putForPartitions(manager.getExecutionContext(), new Found("rows", number));
        repository.save(manager);
    }
}
