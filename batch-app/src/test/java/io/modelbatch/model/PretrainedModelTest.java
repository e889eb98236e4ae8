package io.modelbatch.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.script.ScriptModule;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.Safetensors;
import io.modelbatch.model.tensor.SafetensorsWriter;
import io.modelbatch.model.tensor.StoredTensor;
import io.modelbatch.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PretrainedModelTest {
    private static final List<String> LABELS = List.of("bakery", "dairy", "drinks", "household");

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void copy() throws IOException {
        model = folder.resolve("model");
        copy("bert-classification", model);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json"})
    void namesTheMissingFile(String name) throws Exception {
        Files.delete(model.resolve(name));
        refused(name, "is missing");
    }

    @Test
    void refusesWhatIsNoDirectory() {
        assertThatThrownBy(() -> PretrainedModel.open(folder.resolve("nothing")))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("nothing", "not a directory");
    }

    @Test
    void refusesPicklesWithTheWayToConvertThem() throws Exception {
        Files.move(model.resolve("model.safetensors"), model.resolve("pytorch_model.bin"));
        refused("pytorch_model.bin", "pickle", "save_pretrained");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"a\":1,\"a\":2}", "nonsense", "{} x"})
    void refusesDamagedConfigs(String content) throws Exception {
        Files.writeString(model.resolve("config.json"), content);
        refused("config.json");
    }

    @Test
    void refusesTruncatedWeights() throws Exception {
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length - 100));
        refused("model.safetensors", "not a complete safetensors file");
    }

    @Test
    void namesTheMissingTensor() throws Exception {
        rewrite(tensors -> without(tensors, "bert.encoder.layer.1.output.dense.weight"));
        refused("bert.encoder.layer.1.output.dense.weight", "is missing", "[48, 96]");
    }

    @Test
    void namesTheTensorOfTheWrongShape() throws Exception {
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"vocab_size\": 700", "\"vocab_size\": 701"));
        refused("bert.embeddings.word_embeddings.weight", "[700, 48]", "[701, 48]");
    }

    @Test
    void anEncoderAloneIsABaseButNoClassifier() throws Exception {
        rewrite(tensors -> tensors.stream()
                .filter(tensor ->
                        !tensor.name().contains("pooler") && !tensor.name().startsWith("classifier"))
                .map(tensor ->
                        (Tensor) ((StoredTensor) tensor).named(tensor.name().replaceFirst("^bert\\.", "")))
                .toList());
        PretrainedModel opened = PretrainedModel.open(model);
        assertThatThrownBy(() -> opened.forTask(Task.TEXT_CLASSIFICATION))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(model.toString(), "bert.pooler.dense.weight", "is missing");
        TaskModel base = opened.forFineTuning(ProblemType.SINGLE_LABEL_CLASSIFICATION, List.of("a", "b"), 7);
        assertThat(base.initialised())
                .containsExactly(
                        "bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias");
        assertThat(named(base, "bert.encoder.layer.0.output.dense.bias").values())
                .isEqualTo(named(original(), "bert.encoder.layer.0.output.dense.bias")
                        .values());
    }

    @Test
    void readsTheNamesOfOldCheckpoints() throws Exception {
        rewrite(tensors -> tensors.stream()
                .map(tensor -> (Tensor) ((StoredTensor) tensor)
                        .named(tensor.name()
                                .replace("LayerNorm.weight", "LayerNorm.gamma")
                                .replace("LayerNorm.bias", "LayerNorm.beta")))
                .toList());
        TaskModel opened = PretrainedModel.open(model).forTask(Task.TEXT_CLASSIFICATION);
        assertThat(named(opened, "bert.embeddings.LayerNorm.weight").values())
                .isEqualTo(named(original(), "bert.embeddings.LayerNorm.weight").values());
    }

    /** As DataParallel, torch.compile, and both of them, name what they hold: the whole model, or one layer of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "^ module.",
                "^ _orig_mod.",
                "^ _orig_mod.module.",
                "^ _fsdp_wrapped_module.",
                "^bert. bert.module.",
                "^classifier. classifier._orig_mod.",
                "^bert.encoder.layer.0. bert.encoder.layer.0._checkpoint_wrapped_module."
            })
    void readsWhatWasSavedInsideAWrapper(String change) throws Exception {
        rewrite(tensors ->
                renamed(tensors, change.substring(0, change.indexOf(' ')), change.substring(change.indexOf(' ') + 1)));
        TaskModel opened = PretrainedModel.open(model).forTask(Task.TEXT_CLASSIFICATION);
        for (Tensor tensor : original().weights()) {
            assertThat(named(opened, tensor.name()).values())
                    .as(tensor.name())
                    .isEqualTo(named(original(), tensor.name()).values());
        }
    }

    @Test
    void refusesToChooseBetweenAWrappedTensorAndAnother() throws Exception {
        rewrite(tensors -> Stream.concat(tensors.stream(), renamed(tensors, "^", "module.").stream())
                .toList());
        refused("model.safetensors has tensor", "twice", "without the wrapper");
    }

    @Test
    void namesAPrefixThatItDoesNotKnow() throws Exception {
        rewrite(tensors -> renamed(tensors, "^", "net."));
        refused("is missing, but there is net.bert.", "removeprefix('net.')");
    }

    private static List<Tensor> renamed(Collection<? extends Tensor> tensors, String from, String to) {
        return tensors.stream()
                .map(tensor ->
                        (Tensor) ((StoredTensor) tensor).named(tensor.name().replaceFirst(from, to)))
                .toList();
    }

    @Test
    void newLayersAreNormalAndDependOnTheSeed() throws Exception {
        PretrainedModel opened = PretrainedModel.open(model);
        List<String> labels = java.util.stream.IntStream.range(0, 200)
                .mapToObj(String::valueOf)
                .toList();
        float[] first = weight(opened.forFineTuning(ProblemType.SINGLE_LABEL_CLASSIFICATION, labels, 1));
        assertThat(weight(opened.forFineTuning(ProblemType.SINGLE_LABEL_CLASSIFICATION, labels, 1)))
                .isEqualTo(first);
        assertThat(weight(opened.forFineTuning(ProblemType.SINGLE_LABEL_CLASSIFICATION, labels, 2)))
                .isNotEqualTo(first);
        double squares = 0;
        for (float value : first) {
            squares += (double) value * value;
        }
        assertThat(Math.sqrt(squares / first.length)).isBetween(0.019, 0.021);
    }

    @Test
    void keepsAClassifierForTheSameLabelsOnly() throws Exception {
        PretrainedModel opened = PretrainedModel.open(model);
        assertThat(opened.forFineTuning(ProblemType.SINGLE_LABEL_CLASSIFICATION, LABELS, 1)
                        .initialised())
                .isEmpty();
        assertThat(opened.forFineTuning(ProblemType.SINGLE_LABEL_CLASSIFICATION, List.of("w", "x", "y", "z"), 1)
                        .initialised())
                .containsExactly("classifier.weight", "classifier.bias");
    }

    @Test
    void savesWhatItOpens() throws Exception {
        TaskModel base = PretrainedModel.open(model)
                .forFineTuning(ProblemType.SINGLE_LABEL_CLASSIFICATION, List.of("a", "b"), 1);
        Path saved = folder.resolve("saved");
        base.save(saved, base.weights());
        TaskModel opened = PretrainedModel.open(saved).forTask(Task.TEXT_CLASSIFICATION);
        assertThat(opened.config()).isEqualTo(base.config());
        assertThat(values(opened)).containsExactlyInAnyOrderEntriesOf(values(base));
        assertThat(saved.resolve("tokenizer_config.json"))
                .hasSameBinaryContentAs(model.resolve("tokenizer_config.json"));
        assertThatThrownBy(
                        () -> base.save(folder.resolve("other"), base.weights().subList(0, 3)))
                .isInstanceOf(ModelException.class);
    }

    @Test
    void theFingerprintIsThatOfTheContent() throws Exception {
        String before = PretrainedModel.open(model).fingerprint();
        Files.writeString(model.resolve("notes.md"), "not the model's");
        assertThat(PretrainedModel.open(model).fingerprint()).isEqualTo(before).matches("[0-9a-f]{64}");
        Files.writeString(model.resolve("tokenizer_config.json"), "{}");
        assertThat(PretrainedModel.open(model).fingerprint()).isNotEqualTo(before);
    }

    @Test
    void refusesDamagedIndexes() throws Exception {
        Path sharded = folder.resolve("sharded");
        copy("bert-cased-sharded", sharded);
        Path index = sharded.resolve("model.safetensors.index.json");
        String whole = Files.readString(index);
        Map<String, String> damages = Map.of(
                "model-00001-of-00005.safetensors", "../model/model.safetensors",
                "\"bert.pooler.dense.bias\"", "\"bert.other\"",
                "\"weight_map\"", "\"map\"");
        for (Map.Entry<String, String> damage : damages.entrySet()) {
            Files.writeString(index, whole.replace(damage.getKey(), damage.getValue()));
            assertThatThrownBy(() -> PretrainedModel.open(sharded))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("index.json");
        }
        Files.writeString(index, whole);
        Files.delete(sharded.resolve("model-00003-of-00005.safetensors"));
        assertThatThrownBy(() -> PretrainedModel.open(sharded))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("model-00003-of-00005.safetensors", "is missing");
    }

    @Test
    void refusesWeightsThatTheTypeCannotHold() throws Exception {
        rewrite(tensors -> Stream.concat(
                        without(tensors, "classifier.bias").stream(),
                        Stream.of(Tensor.of("classifier.bias", List.of(4L), () -> new float[] {0, 0, 70_000, 0})))
                .toList());
        TaskModel classifier = PretrainedModel.open(model).forTask(Task.TEXT_CLASSIFICATION);
        ScriptModule half =
                classifier.script(new ArchiveVariant.Inference(Precision.FLOAT16, ArchiveVariant.Layout.PLAIN));
        assertThatThrownBy(() -> TorchScriptArchive.write(folder.resolve("half.pt"), half))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("classifier.bias", "70000", "float16");
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> PretrainedModel.open(model))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(model.toString())
                .hasMessageContainingAll(parts);
    }

    private void rewrite(UnaryOperator<Collection<Tensor>> change) throws IOException {
        Path original = model.resolve("model.safetensors");
        Path changed = folder.resolve("changed.safetensors");
        SafetensorsWriter.write(
                changed, change.apply(Safetensors.open(original).tensors().values()));
        Files.move(changed, original, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<Tensor> without(Collection<Tensor> tensors, String name) {
        return tensors.stream().filter(tensor -> !tensor.name().equals(name)).toList();
    }

    private static TaskModel original() throws IOException {
        return PretrainedModel.open(Fixture.named("bert-classification").model())
                .forTask(Task.TEXT_CLASSIFICATION);
    }

    private static float[] weight(TaskModel classifier) throws IOException {
        return named(classifier, "classifier.weight").values();
    }

    private static Tensor named(TaskModel classifier, String name) {
        return classifier.weights().stream()
                .filter(tensor -> tensor.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, List<Float>> values(TaskModel classifier) {
        return classifier.weights().stream().collect(Collectors.toMap(Tensor::name, tensor -> {
            try {
                List<Float> list = new java.util.ArrayList<>();
                for (float value : tensor.values()) {
                    list.add(value);
                }
                return list;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }));
    }

    private static void copy(String fixture, Path target) throws IOException {
        Files.createDirectories(target);
        Path source = Fixture.named(fixture).model();
        for (String name : ModelFiles.list(source)) {
            Files.copy(source.resolve(name), target.resolve(name));
        }
    }
}
