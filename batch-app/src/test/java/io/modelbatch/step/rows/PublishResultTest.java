package io.modelbatch.step.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelbatch.facts.OwnFacts;
import io.modelbatch.launch.BuiltInStepTypes;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.Manifest;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.ResultOptions;
import io.modelbatch.result.Shard;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepRepository;
import io.modelbatch.store.DamagedObjectException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.local.LocalWarehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.step.StepExecution;

/** Two partitions of ten rows each, in a folder of a bucket. */
class PublishResultTest {
    private static final ObjectUri RESULT = ObjectUri.parse("gs://results/all");

    @TempDir
    private Path folder;

    private StepRepository repository;
    private RowServices services;
    private CommittedResult result;
    private JobExecution execution;
    private StepExecution manager;
    private List<StepExecution> partitions;

    @BeforeEach
    void open() throws Exception {
        repository = StepRepository.open(Files.createDirectories(folder.resolve("scratch")));
        ObjectStore store = ObjectStores.folder(Files.createDirectories(folder.resolve("buckets")));
        services = new RowServices(
                repository.kit(),
                LocalWarehouse.of(folder.resolve("warehouse"), folder.resolve("pinned"), store),
                store,
                new ShardLedger(repository.jdbc()),
                BuiltInStepTypes.all(),
                new RowMetrics(new SimpleMeterRegistry()));
        ResultOptions options = new ResultOptions(RESULT.toString(), ResultOptions.Format.PARQUET, null, null);
        result = new CommittedResult(services, options, "infer", new RowSource.OfExtract(services.kit(), "extract"));
        begin(repository.run("predict"));
    }

    @Test
    void theManifestListsWhatIsCommitted() throws Exception {
        shard(0, 0, 10);
        shard(1, 0, 10);

        publish();

        Manifest manifest = Manifest.read(services.store(), RESULT);
        assertThat(manifest.job()).isEqualTo("predict");
        assertThat(manifest.rows()).isEqualTo(20);
        assertThat(manifest.shards()).extracting(Shard::name).containsExactly(name(0, 0), name(1, 0));
        assertThat(manifest.origin()).containsEntry("model", "gs://models/tiny").containsEntry("input", "f00d");
        assertThat(repository.told()).containsExactly("infer OwnFacts");
    }

    @Test
    void thereIsNoResultBeforeAllPartitionsAreComplete() throws Exception {
        shard(0, 0, 10);
        shard(1, 0, 10);
        partitions.get(1).setStatus(BatchStatus.FAILED);

        publish();

        assertThat(Manifest.find(services.store(), RESULT)).isEmpty();
        assertThat(manager.getStatus()).isEqualTo(BatchStatus.FAILED);
    }

    @Test
    void removesWhatItsOwnAttemptsDidNotCommitAndNothingElse() throws Exception {
        shard(0, 0, 10);
        shard(1, 0, 10);
        upload(name(0, 1));
        upload("rejects/" + name(0, 1).replace(".parquet", ".jsonl"));
        String ofAnotherStep = name(0, 1).replace("-infer-", "-infer-2-");
        upload(ofAnotherStep);
        upload("notes.txt");

        publish();

        assertThat(names())
                .containsExactlyInAnyOrder(name(0, 0), name(1, 0), ofAnotherStep, "notes.txt", "manifest.json");
    }

    @Test
    void removesTheResultThatItReplaces() throws Exception {
        shard(0, 0, 10);
        shard(1, 0, 10);
        publish();
        String before = name(0, 0);
        begin(repository.run("predict"));
        shard(0, 0, 10);
        shard(1, 0, 10);

        publish();

        assertThat(names()).hasSize(3).doesNotContain(before).contains("manifest.json", name(0, 0), name(1, 0));
    }

    @Test
    void publishesAgainWithTheSameManifest() throws Exception {
        shard(0, 0, 10);
        shard(1, 0, 10);
        publish();
        byte[] manifest = services.store().read(Manifest.uri(RESULT));

        publish();

        assertThat(services.store().read(Manifest.uri(RESULT))).isEqualTo(manifest);
    }

    @Test
    void rowsThatAreMissingAreNoResult() throws Exception {
        shard(0, 0, 10);
        shard(1, 0, 9);

        assertThatThrownBy(this::publish)
                .isInstanceOf(StepFailedException.class)
                .hasMessageContainingAll("made of 19 rows", "its input has 20", "again=true");
        assertThat(Manifest.find(services.store(), RESULT)).isEmpty();
    }

    @Test
    void aShardThatIsDamagedIsNoResult() throws Exception {
        shard(0, 0, 10);
        shard(1, 0, 10);
        Files.writeString(folder.resolve("buckets/results/all").resolve(name(1, 0)), "damaged");

        assertThatThrownBy(this::publish)
                .rootCause()
                .isInstanceOf(DamagedObjectException.class)
                .hasMessageContainingAll(name(1, 0), "again=true");
        assertThat(Manifest.find(services.store(), RESULT)).isEmpty();
    }

    @Test
    void leavesTheResultOfAnotherJob() throws Exception {
        shard(0, 0, 10);
        shard(1, 0, 10);
        publish();
        begin(repository.run("other"));
        shard(0, 0, 10);
        shard(1, 0, 10);

        assertThatThrownBy(this::publish).hasMessageContainingAll("job 'predict'", "choose another folder");
        assertThat(Manifest.read(services.store(), RESULT).job()).isEqualTo("predict");
    }

    @Test
    void doesNotPublishIntoAFolderThatAnotherRunHasTaken() throws Exception {
        shard(0, 0, 10);
        shard(1, 0, 10);
        repository.takeFolders();

        assertThatThrownBy(this::publish).hasMessage("taken");
        assertThat(Manifest.find(services.store(), RESULT)).isEmpty();
    }

    private void begin(JobInstance run) {
        execution = repository.execution(run);
        StepExecution extract = repository.step(execution, "extract");
        services.kit()
                .outputs()
                .put(
                        extract.getExecutionContext(),
                        new PinnedInput(
                                "rows",
                                "id",
                                "int64",
                                List.of("id", "text"),
                                List.of(10L, 10L),
                                Instant.EPOCH,
                                "f00d"));
        repository.save(extract);
        manager = repository.step(execution, "infer");
        services.kit()
                .outputs()
                .put(
                        manager.getExecutionContext(),
                        new ResultOutput(
                                new RecordSchema(List.of(
                                        new RecordSchema.Field("id", FieldType.INT64),
                                        new RecordSchema.Field("label", FieldType.STRING))),
                                "gs://models/tiny",
                                "b".repeat(64)));
        repository.save(manager);
        partitions = List.of(repository.step(execution, "infer:0"), repository.step(execution, "infer:1"));
        partitions.forEach(partition -> partition.setStatus(BatchStatus.COMPLETED));
    }

    private void publish() {
        new PublishResult(result, (step, manifest, to) -> new OwnFacts(Map.of("rows", manifest.rows())))
                .aggregate(manager, partitions);
    }

    private void shard(int partition, int ordinal, long rows) throws IOException {
        StoredObject stored = upload(name(partition, ordinal));
        services.ledger()
                .add(
                        partitions.get(partition),
                        new ShardLedger.CommittedBlock(ordinal, null, null, null),
                        List.of(new Shard(name(partition, ordinal), rows, stored.bytes(), stored.crc32c())),
                        List.of());
    }

    private StoredObject upload(String name) throws IOException {
        Path file = Files.writeString(folder.resolve("shard"), name);
        return services.store().put(RESULT.child(name), file);
    }

    private String name(int partition, int ordinal) {
        return "%s-%05d-%06d-%d.parquet"
                .formatted(
                        services.kit().shardPrefix(manager),
                        partition,
                        ordinal,
                        partitions.get(partition).getId());
    }

    private List<String> names() {
        try {
            return services.store().list(RESULT).stream()
                    .map(object -> object.uri().relativeTo(RESULT))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
