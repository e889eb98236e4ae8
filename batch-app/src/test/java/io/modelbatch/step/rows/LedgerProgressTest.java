package io.modelbatch.step.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.result.Shard;
import io.modelbatch.step.StepRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.StepExecution;

class LedgerProgressTest {
    @TempDir
    private Path folder;

    /** The rows are committed by nobody whom the manager knows. */
    @Test
    void tellsWhatIsCommittedWhereverThatIsDone() {
        StepRepository repository = StepRepository.open(folder);
        JobExecution execution = repository.execution(repository.run("predict"));
        StepExecution manager = repository.step(execution, "infer");
        ShardLedger ledger = new ShardLedger(repository.jdbc());
        try (LedgerProgress progress = LedgerProgress.of(
                manager, 100, ledger, repository.kit().run(manager).progress())) {
            progress.tell();
            commit(repository.step(execution, "infer:0"), ledger, 10);
            progress.tell();
            progress.tell();
            commit(repository.step(execution, "infer:1"), ledger, 5);
            progress.tell();
        }

        assertThat(repository.told()).containsExactly("infer 10 of 100", "infer 15 of 100");
    }

    @Test
    void asksALargeLedgerLessOften() {
        assertThat(LedgerProgress.pause(Duration.ofMillis(3))).isEqualTo(Duration.ofSeconds(1));
        assertThat(LedgerProgress.pause(Duration.ofMillis(400))).isEqualTo(Duration.ofSeconds(8));
    }

    private static void commit(StepExecution partition, ShardLedger ledger, long rows) {
        ledger.add(
                partition,
                new ShardLedger.CommittedBlock(0, null, null, null),
                List.of(new Shard(partition.getStepName(), rows, 100, "00000000")),
                List.of());
    }
}
