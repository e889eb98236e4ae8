package io.modelbatch.step.rows;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.step.StepRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.step.StepExecution;

/** Refusals alone: {@code PartitionsElsewhereTest} executes partitions, in a process of its own. */
class ExecutePartitionTest {
    @TempDir
    private Path folder;

    private StepRepository repository;
    private ExecutePartition execute;
    private StepExecution partition;

    @BeforeEach
    void open() throws Exception {
        repository = StepRepository.open(Files.createDirectories(folder.resolve("scratch")));
        execute = new ExecutePartition(
                repository.kit(),
                List.of(
                        new PartitionOpening(Other.class, execution -> {
                            throw new IllegalStateException("opened as another");
                        }),
                        new PartitionOpening(Pinned.class, execution -> {
                            throw new IllegalStateException("opened " + execution.getStepName());
                        })));
        partition = repository.step(repository.execution(repository.run("predict")), "infer:0");
    }

    /** Its shards would have the names of those that the process before it uploaded and did not commit. */
    @Test
    void aStepExecutionDoesNotBeginTwice() {
        partition.setStatus(BatchStatus.STARTED);
        repository.kit().repository().update(partition);

        assertThatThrownBy(() -> execute.execute(partition.getId()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("infer:0", "STARTED", "new step execution");
    }

    private record Pinned(int number) {}

    private record Other(int number) {}

    @Test
    void thereIsNoPartitionWithoutADecisionOfItsManager() {
        assertThatThrownBy(() -> execute.execute(partition.getId()))
                .hasMessageContaining("committed nothing for its partitions");
    }

    @Test
    void opensWhatTheManagerCommitted() {
        StepExecution manager = repository.step(partition.getJobExecution(), "infer");
        repository.kit().outputs().putForPartitions(manager.getExecutionContext(), new Pinned(1));
        repository.save(manager);

        assertThatThrownBy(() -> execute.execute(partition.getId())).hasMessageContaining("opened infer:0");
    }

    @Test
    void namesAnIdThatDoesNotExist() {
        assertThatThrownBy(() -> execute.execute(77)).hasMessageContaining("77");
    }
}
