package io.modelbatch.step.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.result.Shard;
import io.modelbatch.step.StepRepository;
import io.modelbatch.warehouse.ReadPosition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

class PartitionLedgerTest {
    private final List<ShardLedger.Counts> lost = new ArrayList<>();

    @TempDir
    private Path folder;

    private ShardLedger ledger;
    private StepExecution partition;
    private PartitionLedger committed;

    @BeforeEach
    void open() {
        StepRepository repository = StepRepository.open(folder);
        ledger = new ShardLedger(repository.jdbc());
        partition = repository.step(repository.execution(repository.run("predict")), "infer:3");
        committed = opened();
    }

    @Test
    void continuesBehindTheLastBlock() {
        add("a", 10, Optional.of("s1"));

        PartitionLedger next = opened();

        assertThat(next.position()).isEqualTo(new ReadPosition("s1", 10));
        assertThat(next.nextOrdinal()).isEqualTo(1);
        assertThat(next.nextOrdinal()).isEqualTo(2);
    }

    @Test
    void whatIsGivenUpStaysUntilTheNextCommit() {
        add("a", 10, Optional.of("s1"));
        add("b", 5, Optional.of("s2"));

        committed.giveUp(10);

        assertThat(ledger.position(partition).rows()).isEqualTo(15);
        assertThat(lost).isEmpty();
        add("c", 4, Optional.of("s3"));
        assertThat(ledger.shards(partition, "infer")).extracting(Shard::name).containsExactly("a", "c");
        assertThat(lost).containsExactly(new ShardLedger.Counts(5, 5, 0));
    }

    /** The partition ends with it: there is no other block to commit. */
    @Test
    void whatIsGivenUpLastIsRemovedWithTheLastCommit() {
        add("a", 10, Optional.of("s1"));
        committed.giveUp(0);

        committed.update(new ExecutionContext());
        committed.update(new ExecutionContext());

        assertThat(ledger.position(partition).rows()).isZero();
        assertThat(lost).hasSize(1);
    }

    /** Its shard is uploaded under that name. */
    @Test
    void theNumberOfABlockThatWasGivenUpIsNotUsedAgain() {
        add("a", 10, Optional.of("s1"));
        committed.giveUp(0);

        assertThat(committed.nextOrdinal()).isEqualTo(1);
    }

    private PartitionLedger opened() {
        PartitionLedger opened = new PartitionLedger(ledger, partition, lost::add);
        opened.open(new ExecutionContext());
        return opened;
    }

    private void add(String name, long rows, Optional<String> session) {
        committed.add(
                new ShardLedger.CommittedBlock(committed.nextOrdinal(), session.orElse(null), null, null),
                List.of(new Shard(name, rows, 100, "00000000")),
                List.of());
    }
}
