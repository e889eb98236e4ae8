package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

class RowCountsTest {
    @TempDir
    private Path folder;

    /** The step fails with it, and saves its counts once more. The next execution counts the rows of that block. */
    @Test
    void aBlockThatIsRolledBackIsNotCounted() {
        StepRepository repository = StepRepository.open(folder);
        StepExecution step = repository.step(repository.execution(repository.run("predict")), "infer:0");
        RowCounts counts = new RowCounts();
        counts.beforeStep(step);
        repository.commit(() -> block(counts, 10));
        assertThat(step.getReadCount()).isEqualTo(10);

        repository.rollBack(() -> block(counts, 7));
        counts.afterStep(step);

        assertThat(step.getReadCount()).isEqualTo(10);
        assertThat(step.getWriteCount()).isEqualTo(9);
        assertThat(step.getProcessSkipCount()).isEqualTo(1);
    }

    @Test
    void rowsThatAreGivenUpAreTakenBackWithTheNextCommit() {
        StepRepository repository = StepRepository.open(folder);
        StepExecution step = repository.step(repository.execution(repository.run("predict")), "infer:0");
        RowCounts counts = new RowCounts();
        counts.beforeStep(step);
        repository.commit(() -> block(counts, 10));
        repository.rollBack(() -> {
            counts.add(-10, -9, -1);
            block(counts, 4);
        });
        counts.afterStep(step);
        assertThat(step.getReadCount()).isEqualTo(10);

        repository.commit(() -> {
            counts.add(-10, -9, -1);
            block(counts, 4);
        });
        counts.afterStep(step);

        assertThat(step.getReadCount()).isEqualTo(4);
        assertThat(step.getWriteCount()).isEqualTo(3);
    }

    /** One row of it is rejected. */
    private static void block(RowCounts counts, long rows) {
        counts.add(rows, rows - 1, 1);
        counts.update(new ExecutionContext());
    }
}
