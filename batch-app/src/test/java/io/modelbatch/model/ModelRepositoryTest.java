package io.modelbatch.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.store.ObjectExistsException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelRepositoryTest {
    private static final ObjectUri CATEGORIES = ObjectUri.parse("gs://shop/models/categories");

    @TempDir
    Path folder;

    private final MemoryStore store = new MemoryStore();
    private Path cache;
    private Path model;
    private ModelRepository repository;

    @BeforeEach
    void prepare() throws IOException {
        cache = folder.resolve("cache");
        model = folder.resolve("model");
        repository = new ModelRepository(store, cache);
        copy("bert-classification", model);
    }

    @Test
    void opensWhatWasPublished() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        repository.moveLatest(CATEGORIES, "v1", Optional.empty());
        PretrainedModel opened = repository.open("gs://shop/models/categories@latest");
        assertThat(opened.fingerprint()).isEqualTo(PretrainedModel.open(model).fingerprint());
        assertThat(opened.directory().path()).isEqualTo(cache.resolve("models").resolve(opened.fingerprint()));
        assertThat(repository.resolve("gs://shop/models/categories@latest"))
                .isEqualTo("gs://shop/models/categories@v1");
        assertThat(repository.open("gs://shop/models/categories/v1").fingerprint())
                .isEqualTo(opened.fingerprint());
    }

    @Test
    void downloadsOnce() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        repository.open("gs://shop/models/categories@v1");
        int downloads = store.downloads.get();
        repository.open("gs://shop/models/categories@v1");
        new ModelRepository(store, cache).open("gs://shop/models/categories@v1");
        assertThat(store.downloads.get()).isEqualTo(downloads).isEqualTo(4);
    }

    @Test
    void fetchesAgainWhatACrashTore() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        PretrainedModel opened = repository.open("gs://shop/models/categories@v1");
        Files.write(opened.directory().path().resolve("model.safetensors"), new byte[10]);
        assertThat(repository.open("gs://shop/models/categories@v1").fingerprint())
                .isEqualTo(opened.fingerprint());
        assertThat(names(cache.resolve("models"))).containsExactly(opened.fingerprint());
    }

    @Test
    void aFolderIsCopiedSoThatItMayChange() throws Exception {
        PretrainedModel opened = repository.open(model.toString());
        Files.delete(model.resolve("model.safetensors"));
        assertThat(repository
                        .open(opened.directory().path().toString())
                        .forTask(Task.TEXT_CLASSIFICATION)
                        .weights())
                .isNotEmpty();
        assertThatThrownBy(() -> repository.open(model.toString()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(model.resolve("model.safetensors").toString());
    }

    @Test
    void saysWhatToRunWhenNothingWasPublished() {
        assertThatThrownBy(() -> repository.open("gs://shop/models/categories@latest"))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("gs://shop/models/categories/latest", "Run the job that publishes it");
        assertThatThrownBy(() -> repository.open("gs://shop/models/categories@v9"))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("gs://shop/models/categories/v9", "Copy one there");
    }

    @Test
    void namesTheObjectThatIsMissingOrDamaged() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        store.delete(CATEGORIES.child("v1/tokenizer.json"));
        assertThatThrownBy(() -> repository.open("gs://shop/models/categories@v1"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("gs://shop/models/categories/v1/tokenizer.json is missing");
        store.put(CATEGORIES.child("v1/tokenizer.json"), model.resolve("tokenizer.json"));
        store.replace(
                CATEGORIES.child("v1/config.json"),
                "{}".getBytes(StandardCharsets.UTF_8),
                store.find(CATEGORIES.child("v1/config.json")));
        assertThatThrownBy(() -> repository.open("gs://shop/models/categories@v1"))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("gs://shop/models/categories/v1/config.json is damaged", "Publish");
        store.delete(CATEGORIES.child("checksums/v1.json")); // as if the version had been copied there by hand
        assertThatThrownBy(() -> repository.open("gs://shop/models/categories@v1"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("gs://shop/models/categories/v1/config.json: model_type");
        assertThat(names(cache.resolve("models"))).isEmpty();
    }

    @Test
    void refusesPicklesInABucketToo() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        store.put(CATEGORIES.child("v1/pytorch_model.bin"), model.resolve("model.safetensors"));
        store.delete(CATEGORIES.child("v1/model.safetensors"));
        assertThatThrownBy(() -> repository.open("gs://shop/models/categories@v1"))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("pytorch_model.bin", "pickle");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "s3://a/b", "gs://", "gs://B/x", "gs://shop/../x", "gs://shop/x@", "gs://shop/x@a/b"})
    void refusesWhatIsNoReference(String reference) {
        assertThatThrownBy(() -> repository.open(reference))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("'" + reference + "' is not a model");
    }

    @Test
    void publishingTwiceIsPublishingOnce() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        Files.writeString(model.resolve("tokenizer_config.json"), "{}");
        assertThatThrownBy(() -> repository.publish(DisplayPath.of(model), CATEGORIES, "v1"))
                .isInstanceOf(ObjectExistsException.class)
                .hasMessageContaining("tokenizer_config.json");
        Files.delete(model.resolve("tokenizer_config.json"));
        assertThatThrownBy(() -> repository.publish(DisplayPath.of(model), CATEGORIES, "v1"))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("tokenizer_config.json", "choose another version");
        assertThatThrownBy(() -> repository.publish(DisplayPath.of(model), CATEGORIES, "latest"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("pointer");
    }

    @Test
    void latestMovesOnlyFromWhatWasSeen() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        repository.publish(DisplayPath.of(model), CATEGORIES, "v2");
        repository.publish(DisplayPath.of(model), CATEGORIES, "v3");
        repository.moveLatest(CATEGORIES, "v1", Optional.empty());
        Optional<ModelRepository.Latest> seen = repository.latest(CATEGORIES);
        repository.moveLatest(CATEGORIES, "v2", seen);
        repository.moveLatest(CATEGORIES, "v2", seen);
        assertThatThrownBy(() -> repository.moveLatest(CATEGORIES, "v3", seen))
                .isInstanceOf(ObjectExistsException.class);
        assertThat(repository.latest(CATEGORIES).orElseThrow().version()).isEqualTo("v2");
        assertThatThrownBy(() -> repository.moveLatest(CATEGORIES, "v4", repository.latest(CATEGORIES)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("gs://shop/models/categories/v4");
    }

    @Test
    void anArchiveIsWrittenOnceForEachType() throws Exception {
        TaskModel classifier = repository.open(model.toString()).forTask(Task.TEXT_CLASSIFICATION);
        Path first = repository.archive(
                classifier, new ArchiveVariant.Inference(Precision.FLOAT32, ArchiveVariant.Layout.PLAIN));
        var written = Files.getLastModifiedTime(first);
        assertThat(repository.archive(
                        classifier, new ArchiveVariant.Inference(Precision.FLOAT32, ArchiveVariant.Layout.PLAIN)))
                .isEqualTo(first);
        assertThat(Files.getLastModifiedTime(first)).isEqualTo(written);
        assertThat(first.getFileName().toString()).startsWith(classifier.fingerprint() + "-float32-");
        assertThat(repository.archive(
                        classifier, new ArchiveVariant.Inference(Precision.BFLOAT16, ArchiveVariant.Layout.PLAIN)))
                .isNotEqualTo(first);
        assertThat(names(cache.resolve("archives")).stream().filter(name -> name.endsWith(".pt")))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flipped", "zeroed", "truncated", "empty", "without checksum", "of another archive"})
    void aDamagedArchiveIsMadeAgain(String damage) throws Exception {
        TaskModel classifier = repository.open(model.toString()).forTask(Task.TEXT_CLASSIFICATION);
        var plain = new ArchiveVariant.Inference(Precision.FLOAT32, ArchiveVariant.Layout.PLAIN);
        var other = new ArchiveVariant.Inference(Precision.BFLOAT16, ArchiveVariant.Layout.PLAIN);
        Path archive = repository.archive(classifier, plain);
        byte[] whole = Files.readAllBytes(archive);

        switch (damage) {
            case "flipped" -> Files.write(archive, flipped(whole));
            case "zeroed" -> {
                byte[] zeroed = whole.clone();
                Arrays.fill(zeroed, whole.length / 2, whole.length / 2 + 4_096, (byte) 0);
                Files.write(archive, zeroed);
            }
            case "truncated" -> Files.write(archive, Arrays.copyOf(whole, whole.length / 2));
            case "empty" -> Files.write(archive, new byte[0]);
            case "without checksum" -> Files.delete(archive.resolveSibling(archive.getFileName() + ".crc32c"));
            default -> Files.copy(repository.archive(classifier, other), archive, StandardCopyOption.REPLACE_EXISTING);
        }

        assertThat(repository.archive(classifier, plain)).isEqualTo(archive).hasBinaryContent(whole);
    }

    @Test
    void noFlippedObjectOfAVersionIsRead() throws Exception {
        repository.putMetrics(CATEGORIES, "v1", "{\"accuracy\":0.9}".getBytes(StandardCharsets.UTF_8));
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        repository.open("gs://shop/models/categories@v1");
        List<ObjectUri> all =
                store.list(CATEGORIES).stream().map(StoredObject::uri).toList();
        assertThat(all).hasSize(6);

        for (ObjectUri uri : all) {
            byte[] whole = store.read(uri);
            replace(uri, flipped(whole));
            for (String reference : List.of("gs://shop/models/categories@v1", "gs://shop/models/categories/v1")) {
                assertThatThrownBy(() -> repository.open(reference))
                        .as(uri.toString())
                        .isInstanceOf(ModelException.class)
                        .hasMessageContaining("damaged");
            }
            assertThatThrownBy(() -> repository.metrics(CATEGORIES, "v1")).isInstanceOf(ModelException.class);
            replace(uri, whole);
        }
        assertThat(repository.metrics(CATEGORIES, "v1")).isPresent();

        store.delete(CATEGORIES.child("metrics/v1.json"));
        assertThatThrownBy(() -> repository.metrics(CATEGORIES, "v1"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("metrics/v1.json is missing");
    }

    @Test
    void aFileThatWasAddedToAVersionIsRefused() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        replace(CATEGORIES.child("v1/README.md"), new byte[10]);
        repository.open("gs://shop/models/categories@v1");
        replace(CATEGORIES.child("v1/special_tokens_map.json"), "{}".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> repository.open("gs://shop/models/categories@v1"))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("special_tokens_map.json", "not published");
    }

    @Test
    void whatTheCacheRemembersOfOneModelIsNotTakenForAnother() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        Path other = folder.resolve("other");
        copy("roberta-classification", other);
        ObjectUri others = ObjectUri.parse("gs://shop/models/others");
        repository.publish(DisplayPath.of(other), others, "v1");
        String fingerprint = repository.open("gs://shop/models/categories@v1").fingerprint();
        Path remembered = sources().get(0);
        repository.open("gs://shop/models/others@v1");
        Path ofOther = sources().stream()
                .filter(file -> !file.equals(remembered))
                .findFirst()
                .orElseThrow();

        Files.copy(ofOther, remembered, StandardCopyOption.REPLACE_EXISTING);

        assertThat(repository.open("gs://shop/models/categories@v1").fingerprint())
                .isEqualTo(fingerprint);
    }

    /** Caches are shared by versions of the product: another name would be another download and another archive. */
    @Test
    void theNamesInTheCacheStayTheSame() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        PretrainedModel opened = repository.open("gs://shop/models/categories@v1");

        assertThat(opened.fingerprint()).isEqualTo("072a76727adda35f376281901ff87d6b0c07c5d99e0fa9d7a30b465aa75dfbf6");
        assertThat(sources())
                .extracting(Path::getFileName)
                .hasToString("[ec9cdb8f4aa84ed184a4c8190313dd1ca2b3c79e1f550a341fcd3faab66d21dc.txt]");
    }

    private List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.list(cache.resolve("sources"))) {
            return files.toList();
        }
    }

    private void replace(ObjectUri uri, byte[] content) throws IOException {
        store.replace(uri, content, store.find(uri));
    }

    private static byte[] flipped(byte[] content) {
        byte[] flipped = content.clone();
        flipped[content.length / 2] ^= 1;
        return flipped;
    }

    @Test
    void manyOpenAtOnce() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<String>> opened = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> new ModelRepository(store, cache)
                            .open("gs://shop/models/categories@v1")
                            .fingerprint()))
                    .toList();
            for (Future<String> one : opened) {
                assertThat(one.get()).isEqualTo(PretrainedModel.open(model).fingerprint());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(names(cache.resolve("models"))).hasSize(1);
    }

    @Test
    void aTornCopyIsNotTakenForWhatWasFetched() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        PretrainedModel opened = repository.open("gs://shop/models/categories@v1");
        repository.publish(DisplayPath.of(model), CATEGORIES, "v2"); // other objects, the same content
        tear(cache, opened.fingerprint());

        assertThat(repository.open("gs://shop/models/categories@v2").fingerprint())
                .isEqualTo(opened.fingerprint());
    }

    @Test
    void manyMendATornCopyAtOnce() throws Exception {
        repository.publish(DisplayPath.of(model), CATEGORIES, "v1");
        String fingerprint = repository.open("gs://shop/models/categories@v1").fingerprint();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 20; round++) {
                tear(cache, fingerprint);
                CountDownLatch start = new CountDownLatch(1);
                List<Future<String>> opened = IntStream.range(0, 8)
                        .mapToObj(i -> threads.submit(() -> {
                            start.await();
                            return new ModelRepository(store, cache)
                                    .open("gs://shop/models/categories@v1")
                                    .fingerprint();
                        }))
                        .toList();
                start.countDown();
                for (Future<String> one : opened) {
                    assertThat(one.get()).isEqualTo(fingerprint);
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(names(cache.resolve("models"))).containsExactly(fingerprint);
    }

    @Test
    void severalProcessesMayShareACache() throws Exception {
        ObjectStore buckets = ObjectStores.folder(folder.resolve("buckets"));
        new ModelRepository(buckets, folder.resolve("unused")).publish(DisplayPath.of(model), CATEGORIES, "v1");
        String fingerprint = PretrainedModel.open(model).fingerprint();
        for (int i = 0; i < OpenManyModels.CACHES; i += 2) { // of two caches one is empty, and one holds a torn copy
            Path torn = folder.resolve("caches/" + i);
            new ModelRepository(buckets, torn).open("gs://shop/models/categories@v1");
            tear(torn, fingerprint);
        }
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(OpenManyModels.start(folder, "gs://shop/models/categories@v1"));
        }
        Files.createFile(folder.resolve(OpenManyModels.GO));

        for (Process process : processes) {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output.lines().filter(fingerprint::equals)).as(output).hasSize(OpenManyModels.CACHES);
        }
        for (int i = 0; i < OpenManyModels.CACHES; i++) {
            assertThat(names(folder.resolve("caches/" + i + "/models"))).containsExactly(fingerprint);
        }
    }

    @Test
    void whatDeadProcessesLeftIsRemovedADayLater() throws Exception {
        Path old = Files.createDirectories(cache.resolve("models/.0c9a"));
        Files.writeString(old.resolve("model.safetensors"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        Path young = Files.createDirectories(cache.resolve("models/.1c9a"));

        repository.open(model.toString());

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    private static void tear(Path cache, String fingerprint) throws IOException {
        Files.write(cache.resolve("models").resolve(fingerprint).resolve("model.safetensors"), new byte[10]);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void copy(String fixture, Path target) throws IOException {
        Files.createDirectories(target);
        Path source = Fixture.named(fixture).model();
        for (String name : ModelFiles.list(source)) {
            Files.copy(source.resolve(name), target.resolve(name));
        }
    }
}
