package io.modelbatch.step.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.result.Shard;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepRepository;
import io.modelbatch.step.rows.ShardLedger.CommittedBlock;
import io.modelbatch.step.rows.ShardLedger.Counts;
import io.modelbatch.step.rows.ShardLedger.Position;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DuplicateKeyException;

class ShardLedgerTest {
    @TempDir
    private Path folder;

    private StepRepository repository;
    private ShardLedger ledger;
    private JobExecution execution;
    private StepExecution partition;

    @BeforeEach
    void open() {
        repository = StepRepository.open(folder);
        ledger = new ShardLedger(repository.jdbc());
        execution = repository.execution(repository.run("predict"));
        partition = repository.step(execution, "infer:0");
    }

    /** Five rows become twelve, three none, and one is rejected. */
    @Test
    void aPositionCountsTheRowsThatBlocksWereMadeOf() {
        ledger.add(partition, new CommittedBlock(0, null, 5L, null), shards("a", 12), List.of());
        ledger.add(partition, new CommittedBlock(1, null, 3L, null), List.of(), shards("rejects/b", 1));

        assertThat(ledger.position(partition)).isEqualTo(new Position(2, 9, null));
        assertThat(ledger.rows(partition)).isEqualTo(9);
        assertThat(ledger.shards(partition, "infer")).extracting(Shard::name).containsExactly("a");
        assertThat(ledger.resultRows(partition, "infer")).containsEntry(PartitionName.number(partition), 12L);
        assertThat(ledger.giveUp(partition, 5)).isEqualTo(new Counts(4, 0, 1));
        assertThat(ledger.position(partition)).isEqualTo(new Position(1, 5, null));
    }

    @Test
    void aPartitionBeginsAtItsFirstRow() {
        assertThat(ledger.position(partition)).isEqualTo(new Position(0, 0, null));
    }

    @Test
    void thePositionIsTheSumOfShardsAndRejects() {
        ledger.add(partition, new CommittedBlock(0, "s1", null, null), shards("a", 10), shards("rejects/a", 2));
        ledger.add(partition, new CommittedBlock(1, "s2", null, null), shards("b", 7), List.of());

        assertThat(ledger.position(partition)).isEqualTo(new Position(2, 19, "s2"));
    }

    @Test
    void aBlockMayBeRejectedAsAWhole() {
        ledger.add(partition, new CommittedBlock(0, null, null, null), List.of(), shards("rejects/a", 3));

        assertThat(ledger.position(partition)).isEqualTo(new Position(1, 3, null));
        assertThat(ledger.shards(partition, "infer")).isEmpty();
        assertThat(ledger.rejected(partition)).isEqualTo(3);
    }

    @Test
    void aBlockWhoseCommitFailsIsNotThere() {
        repository.rollBack(
                () -> ledger.add(partition, new CommittedBlock(0, null, null, null), shards("a", 10), List.of()));

        assertThat(ledger.position(partition).rows()).isZero();
        assertThat(ledger.shards(partition, "infer")).isEmpty();
    }

    /** Of two processes that execute one partition by mistake, the slower one cannot commit. */
    @Test
    void aBlockIsCommittedOnce() {
        ledger.add(partition, new CommittedBlock(0, null, null, null), shards("a", 10), List.of());

        assertThatThrownBy(() ->
                        ledger.add(partition, new CommittedBlock(0, null, null, null), shards("b", 10), List.of()))
                .isInstanceOf(DuplicateKeyException.class);
    }

    @Test
    void theShardsOfAStepAreInTheOrderOfItsRows() {
        StepExecution second = repository.step(execution, "infer:1");
        ledger.add(second, new CommittedBlock(0, null, null, null), shards("c", 1), List.of());
        ledger.add(partition, new CommittedBlock(1, null, null, null), shards("b", 1), List.of());
        ledger.add(partition, new CommittedBlock(0, null, null, null), shards("a", 1), shards("rejects/a", 1));

        assertThat(ledger.shards(second, "infer")).extracting(Shard::name).containsExactly("a", "b", "c");
        assertThat(ledger.rejects(second, "infer")).extracting(Shard::name).containsExactly("rejects/a");
        assertThat(ledger.rows(second)).isEqualTo(4);
    }

    @Test
    void stepsAndRunsHaveTheirOwn() {
        StepExecution otherStep = repository.step(execution, "infer-2:0");
        StepExecution otherRun = repository.step(repository.execution(repository.run("other")), "infer:0");
        ledger.add(otherStep, new CommittedBlock(0, null, null, null), shards("x", 5), List.of());
        ledger.add(otherRun, new CommittedBlock(0, null, null, null), shards("y", 6), List.of());

        assertThat(ledger.position(partition).rows()).isZero();
        assertThat(ledger.rows(partition)).isZero();
        assertThat(ledger.rows(otherStep)).isEqualTo(5);
        assertThat(ledger.rows(otherRun)).isEqualTo(6);
    }

    @Test
    void theNextExecutionContinuesThere() {
        ledger.add(partition, new CommittedBlock(0, null, null, null), shards("a", 10), List.of());

        StepExecution next = repository.step(repository.execution(execution.getJobInstance()), "infer:0");

        assertThat(ledger.position(next)).isEqualTo(new Position(1, 10, null));
    }

    @Test
    void givesUpTheBlocksBehindARow() {
        ledger.add(partition, new CommittedBlock(0, "s1", null, null), shards("a", 10), List.of());
        ledger.add(partition, new CommittedBlock(1, "s2", null, null), shards("b", 8), shards("rejects/b", 2));
        ledger.add(partition, new CommittedBlock(2, "s2", null, null), shards("c", 4), List.of());

        assertThat(ledger.giveUp(partition, 10)).isEqualTo(new Counts(14, 12, 2));
        assertThat(ledger.position(partition)).isEqualTo(new Position(1, 10, "s1"));
        assertThat(ledger.giveUp(partition, 0)).isEqualTo(new Counts(10, 10, 0));
        assertThat(ledger.position(partition)).isEqualTo(new Position(0, 0, null));
    }

    @Test
    void doesNotGiveUpAPartOfABlock() {
        ledger.add(partition, new CommittedBlock(0, "s1", null, null), shards("a", 10), List.of());

        assertThatThrownBy(() -> ledger.giveUp(partition, 5))
                .isInstanceOf(StepFailedException.class)
                .hasMessageContainingAll("infer:0", "row 5", "again=true");
        assertThat(ledger.position(partition).rows()).isEqualTo(10);
    }

    private static List<Shard> shards(String name, long rows) {
        return List.of(new Shard(name, rows, 100, "00000000"));
    }
}
