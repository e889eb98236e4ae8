package io.modelbatch.step.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.InferenceEngines;
import io.modelbatch.launch.BuiltInStepTypes;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.script.Precision;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.Shard;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepRepository;
import io.modelbatch.step.rows.CommittedResult;
import io.modelbatch.step.rows.RowMetrics;
import io.modelbatch.step.rows.RowServices;
import io.modelbatch.step.rows.RowSource;
import io.modelbatch.step.rows.ShardLedger;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.local.LocalWarehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.util.FileSystemUtils;

/** The decision of a manager is in the job repository before a partition begins, and stays when the first block is committed. */
class PinInferenceTest {
    private static final PinnedInput INPUT =
            new PinnedInput("rows", "id", "int64", List.of("id", "text"), List.of(20L), Instant.EPOCH, "f00d");

    @TempDir
    private Path folder;

    private StepRepository repository;
    private InferServices services;
    private JobInstance run;

    @BeforeEach
    void open() throws Exception {
        repository = StepRepository.open(Files.createDirectories(folder.resolve("scratch")));
        ObjectStore store = ObjectStores.folder(Files.createDirectories(folder.resolve("buckets")));
        services = new InferServices(
                new RowServices(
                        repository.kit(),
                        LocalWarehouse.of(folder.resolve("warehouse"), folder.resolve("pinned"), store),
                        store,
                        new ShardLedger(repository.jdbc()),
                        BuiltInStepTypes.all(),
                        new RowMetrics(new SimpleMeterRegistry())),
                new OpenModels(new ModelRepository(store, folder.resolve("cache")), InferenceEngines.pyTorch()));
        model("bert-classification");
        run = repository.run("predict");
        StepExecution extract = repository.step(repository.execution(run), "extract");
        services.kit().outputs().put(extract.getExecutionContext(), INPUT);
        repository.save(extract);
    }

    @Test
    void aPartitionFindsItInTheJobRepository() throws Exception {
        StepExecution manager = manager();

        PinnedInference decided = pin(manager);

        StepExecution partition = repository.step(manager.getJobExecution(), "infer:0");
        PinnedInference found = services.kit().outputs().forPartitions(partition, PinnedInference.class);
        assertThat(found).isEqualTo(decided);
        assertThat(found.input().pinned()).isEqualTo(INPUT);
        assertThat(found.model().address()).isEqualTo("gs://models/tiny");
        assertThat(found.model().dtype()).isEqualTo(Precision.FLOAT32);
        assertThat(found.model().schema().fields())
                .extracting(RecordSchema.Field::name)
                .containsExactly("id", "label", "score");
    }

    /** A run that failed before it committed a block goes through the model that is there now. */
    @Test
    void isDecidedAgainWhileNothingIsCommitted() throws Exception {
        String before = pin(manager()).model().fingerprint();
        model("roberta-classification");

        assertThat(pin(manager()).model().fingerprint()).isNotEqualTo(before);
    }

    @Test
    void staysWhenABlockIsCommitted() throws Exception {
        StepExecution first = manager();
        PinnedModel before = pin(first).model();
        commit(first);
        FileSystemUtils.deleteRecursively(folder.resolve("buckets/models/tiny"));

        StepExecution second = manager();

        assertThat(pin(second).model()).isEqualTo(before);
        assertThat(services.kit()
                        .outputs()
                        .forPartitions(repository.step(second.getJobExecution(), "infer:0"), PinnedInference.class)
                        .model())
                .isEqualTo(before);
    }

    /** On another machine, or after a while, the address may stand for another model. */
    @Test
    void partitionsRefuseAnotherModel() throws Exception {
        StepExecution manager = manager();
        PinnedModel before = pin(manager).model();
        model("roberta-classification");
        StepExecution partition = repository.step(manager.getJobExecution(), "infer:0");

        assertThatThrownBy(() -> InferencePartitions.open(services, partition))
                .isInstanceOf(StepFailedException.class)
                .hasMessageContainingAll("gs://models/tiny", before.fingerprint(), "again=true");
    }

    /** Options that decide the columns may be changed with {@code accept-changes=true}. */
    @Test
    void partitionsRefuseAnswersWithOtherColumns() throws Exception {
        StepExecution first = manager();
        pin(first);
        commit(first);
        StepExecution second = manager();
        pin(second, Options.bestLabels("gs://models/tiny", "gs://results/all", 2));

        StepExecution partition = repository.step(second.getJobExecution(), "infer:0");

        assertThatThrownBy(() -> InferencePartitions.open(services, partition))
                .isInstanceOf(StepFailedException.class)
                .hasMessageContainingAll("step infer", "scores", "label", "again=true");
    }

    @Test
    void isNotCommittedWhereTheModelIsMissing() throws Exception {
        FileSystemUtils.deleteRecursively(folder.resolve("buckets/models/tiny"));
        StepExecution manager = manager();

        assertThatThrownBy(() -> pin(manager)).hasMessageContaining("gs://models/tiny");
        assertThatThrownBy(() -> services.kit().outputs().forPartitions(manager, PinnedInference.class))
                .hasMessageContaining("committed no PinnedInference");
    }

    private StepExecution manager() {
        return repository.step(repository.execution(run), "infer");
    }

    private PinnedInference pin(StepExecution manager) throws Exception {
        return pin(manager, Options.classification("gs://models/tiny", "gs://results/all"));
    }

    private PinnedInference pin(StepExecution manager, InferOptions options) throws Exception {
        CommittedResult result = new CommittedResult(
                services.rows(), options.result(), "infer", new RowSource.OfExtract(services.kit(), "extract"));
        try (PinInference.Decision decision = new PinInference(services, options, result, List.of()).pin(manager)) {
            return decision.inference();
        }
    }

    private void commit(StepExecution manager) {
        services.rows()
                .ledger()
                .add(
                        repository.step(manager.getJobExecution(), "infer:0"),
                        new ShardLedger.CommittedBlock(0, null, null, null),
                        List.of(new Shard("a.parquet", 10, 100, "00000000")),
                        List.of());
    }

    private void model(String name) throws IOException {
        Path bucket = folder.resolve("buckets/models/tiny");
        FileSystemUtils.deleteRecursively(bucket);
        FileSystemUtils.copyRecursively(Fixture.named(name).model(), bucket);
    }
}
