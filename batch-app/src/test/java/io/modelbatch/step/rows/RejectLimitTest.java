package io.modelbatch.step.rows;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelbatch.launch.BuiltInStepTypes;
import io.modelbatch.result.ResultOptions;
import io.modelbatch.result.Shard;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepRepository;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.warehouse.local.LocalWarehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.StepExecution;

/** Three of a hundred rows may be rejected. Another process is one with a limit of its own. */
class RejectLimitTest {
    @TempDir
    private Path folder;

    private StepRepository repository;
    private JobExecution execution;
    private ShardLedger ledger;
    private RejectLimit limit;
    private RejectLimit ofAnotherProcess;
    private int blocks;

    @BeforeEach
    void open() throws Exception {
        repository = StepRepository.open(Files.createDirectories(folder.resolve("scratch")));
        execution = repository.execution(repository.run("predict"));
        ledger = new ShardLedger(repository.jdbc());
        limit = limit();
        ofAnotherProcess = limit();
    }

    @Test
    void asManyAsMayBeAreFine() {
        StepExecution partition = partition(0);
        RejectLimit.Partition rejects = limit.partition();

        block(partition, rejects, 3);

        assertThatCode(() -> rejects.committed(partition)).doesNotThrowAnyException();
    }

    @Test
    void oneMoreEndsThePartitionWithTheBlockCommitted() {
        StepExecution partition = partition(0);
        RejectLimit.Partition rejects = limit.partition();

        block(partition, rejects, 4);

        assertThatThrownBy(() -> rejects.committed(partition))
                .isInstanceOf(StepFailedException.class)
                .hasMessageContainingAll(
                        "4 of the 10 rows",
                        "step infer allows 3 of all 100",
                        "max: 3",
                        "rejects/0.jsonl",
                        "again=true");
    }

    @Test
    void partitionsOfOneProcessCountTogetherAndEndTogether() {
        RejectLimit.Partition first = limit.partition();
        RejectLimit.Partition second = limit.partition();
        RejectLimit.Partition third = limit.partition();
        block(partition(0), first, 2);
        first.committed(partition(0));
        block(partition(1), second, 2);

        assertThatThrownBy(() -> second.committed(partition(1))).isInstanceOf(StepFailedException.class);
        assertThatThrownBy(() -> third.committed(partition(2))).isInstanceOf(StepFailedException.class);
    }

    @Test
    void rejectsOfAnotherProcessCount() {
        StepExecution theirs = partition(0);
        RejectLimit.Partition rejectsOfTheirs = ofAnotherProcess.partition();
        block(theirs, rejectsOfTheirs, 2);
        rejectsOfTheirs.committed(theirs);
        RejectLimit.Partition rejects = limit.partition();
        block(partition(1), rejects, 2);

        assertThatThrownBy(() -> rejects.committed(partition(1)))
                .isInstanceOf(StepFailedException.class)
                .hasMessageContaining("4 of the 20 rows");
    }

    @Test
    void whatIsGivenUpDoesNotCount() {
        StepExecution partition = partition(0);
        RejectLimit.Partition rejects = limit.partition();
        block(partition, rejects, 3);
        ledger.giveUp(partition, 0);
        rejects.add(-3);
        block(partition, rejects, 2);

        assertThatCode(() -> rejects.committed(partition)).doesNotThrowAnyException();
    }

    /** Whoever has set aside little cannot be the one who exceeds it, and does not ask what others did. */
    @Test
    void aLargeLimitIsAskedForSeldom() throws Exception {
        RejectLimit.Partition rejects = limit(3_000).partition();
        commit(partition(0), 0, 3_001);
        block(partition(1), rejects, 3);
        rejects.committed(partition(1));
        block(partition(1), rejects, 1);

        assertThatThrownBy(() -> rejects.committed(partition(1)))
                .isInstanceOf(StepFailedException.class)
                .hasMessageContaining("3,005 of");
    }

    /** Ten rows, committed. */
    private void block(StepExecution partition, RejectLimit.Partition rejects, int rejected) {
        commit(partition, 10 - rejected, rejected);
        rejects.add(rejected);
    }

    private void commit(StepExecution partition, int answered, int rejected) {
        String name = String.valueOf(blocks++);
        ledger.add(
                partition,
                new ShardLedger.CommittedBlock(blocks, null, null, null),
                List.of(new Shard(name + ".parquet", answered, 100, "00000000")),
                List.of(new Shard("rejects/" + name + ".jsonl", rejected, 100, "00000000")));
    }

    private StepExecution partition(int number) {
        return repository.step(execution, "infer:" + number);
    }

    private RejectLimit limit() throws Exception {
        return limit(3);
    }

    private RejectLimit limit(int most) throws Exception {
        ObjectStore store = ObjectStores.folder(folder);
        RowServices services = new RowServices(
                repository.kit(),
                LocalWarehouse.of(folder.resolve("warehouse"), folder.resolve("pinned"), store),
                store,
                ledger,
                BuiltInStepTypes.all(),
                new RowMetrics(new SimpleMeterRegistry()));
        return new RejectLimit(
                services,
                new ResultOptions(
                        "gs://results/all", ResultOptions.Format.PARQUET, new ResultOptions.Rejects(most, null), null),
                100);
    }
}
