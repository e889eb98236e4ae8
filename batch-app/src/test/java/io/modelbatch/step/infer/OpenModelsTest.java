package io.modelbatch.step.infer;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.InferenceEngines;
import io.modelbatch.inference.TextModel;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.script.Precision;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.step.infer.SharedResources.Share;
import io.modelbatch.store.ObjectStores;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** A manager that had to load a model, and the partitions in its process. */
class OpenModelsTest {
    private static final String ADDRESS = "gs://models/tiny";
    private static final InferOptions OPTIONS = Options.classification(ADDRESS, "gs://results/all");

    @TempDir
    private Path folder;

    private Path bucket;
    private OpenModels models;

    @BeforeEach
    void open() throws Exception {
        bucket = folder.resolve("buckets/models/tiny");
        FileSystemUtils.copyRecursively(Fixture.named("bert-classification").model(), bucket);
        models = new OpenModels(
                new ModelRepository(ObjectStores.folder(folder.resolve("buckets")), folder.resolve("cache")),
                InferenceEngines.pyTorch());
    }

    @Test
    void weightsAreLoadedOnce() throws Exception {
        try (Share<OpenModel> directory = models.open(ADDRESS, OPTIONS)) {
            Share<TextModel> manager = models.load(directory.value(), Precision.FLOAT32, OPTIONS);
            TextModel loaded = manager.value();
            Share<TextModel> partitions = models.load(directory.value(), Precision.FLOAT32, OPTIONS);
            assertThat(partitions.value()).isSameAs(loaded);
            manager.close();
            assertThat(partitions
                            .value()
                            .submit(List.of("milk"), Optional.empty())
                            .await(() -> false))
                    .isPresent();
            partitions.close();

            try (Share<TextModel> later = models.load(directory.value(), Precision.FLOAT32, OPTIONS);
                    Share<TextModel> other = models.load(
                            directory.value(), Precision.FLOAT32, Options.bestLabels(ADDRESS, "gs://results/all", 2))) {
                assertThat(later.value()).isNotSameAs(loaded);
                assertThat(other.value()).isNotSameAs(later.value());
            }
        }
    }

    /** Reading and hashing the weights again would cost the start of a run what a large model takes from a disk. */
    @Test
    void filesAreVerifiedOnce() throws Exception {
        try (Share<OpenModel> manager = models.open(ADDRESS, OPTIONS)) {
            PinnedModel pinned = new PinnedModel(
                    ADDRESS,
                    manager.value().fingerprint(),
                    null,
                    new RecordSchema(List.of()),
                    Precision.FLOAT32,
                    null,
                    null);
            FileSystemUtils.deleteRecursively(bucket);

            try (Share<OpenModel> partitions = models.open(pinned, OPTIONS)) {
                assertThat(partitions.value()).isSameAs(manager.value());
            }
        }
    }

    /** Another run that begins now sees what lies there now. */
    @Test
    void aModelThatChangedIsAnotherOne() throws Exception {
        try (Share<OpenModel> first = models.open(ADDRESS, OPTIONS)) {
            FileSystemUtils.deleteRecursively(bucket);
            FileSystemUtils.copyRecursively(
                    Fixture.named("roberta-classification").model(), bucket);

            try (Share<OpenModel> second = models.open(ADDRESS, OPTIONS)) {
                assertThat(second.value().fingerprint())
                        .isNotEqualTo(first.value().fingerprint());
            }
        }
    }
}
