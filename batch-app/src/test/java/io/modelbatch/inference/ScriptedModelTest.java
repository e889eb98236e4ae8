package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.Maps;
import io.modelbatch.Python;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.model.AnsweringModel;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.ScriptedDirectory;
import io.modelbatch.model.Task;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.result.Column;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A user's own TorchScript archive. */
class ScriptedModelTest {
    private static final String BERT = "bert-classification";
    private static final String TOKENS_YAML = ScriptedDirectory.YAML
            .replace("text-classification", "token-classification")
            .replaceAll("labels: .*", "labels: [O, B-BRAND, I-BRAND, B-ITEM, I-ITEM, B-PRICE, I-PRICE]");
    private static final String EMBEDDING_YAML = ScriptedDirectory.YAML
            .replace("text-classification", "feature-extraction")
            .replaceAll("labels: .*", "hidden-size: 48");

    @TempDir
    private Path folder;

    private ModelRepository models;
    private Path directory;

    @BeforeEach
    void place() {
        models = new ModelRepository(ObjectStores.folder(folder.resolve("buckets")), folder.resolve("cache"));
        directory = folder.resolve("own");
    }

    @ParameterizedTest
    @ValueSource(strings = {BERT, "bert-tokens", "sentence-embeddings"})
    void answersAsTheModelThatItWasMadeOf(String fixture) throws Exception {
        String yaml = fixture.equals(BERT)
                ? ScriptedDirectory.YAML
                : fixture.equals("bert-tokens") ? TOKENS_YAML : EMBEDDING_YAML;
        Task task = Fixture.named(fixture).task();
        ScriptedDirectory.write(directory, fixture, yaml);

        assertSame(answers(trusted(task)), answers(original(fixture)));
    }

    @Test
    void comesFromABucketToo() throws Exception {
        ScriptedDirectory.write(folder.resolve("buckets/shop/own"), BERT, ScriptedDirectory.YAML);
        String sha256 = ScriptedDirectory.sha256(folder.resolve("buckets/shop/own"));

        AnsweringModel model = models.open("gs://shop/own", Optional.of(sha256.toUpperCase(Locale.ROOT)))
                .forTask(Task.TEXT_CLASSIFICATION);

        assertSame(answers(model), answers(original(BERT)));
        assertThat(models.verify("gs://shop/own", Optional.of(sha256), seen -> seen.forTask(Task.TEXT_CLASSIFICATION)))
                .contains("gs://shop/own");
        assertThatThrownBy(() -> models.verify(
                        "gs://shop/own", Optional.empty(), seen -> seen.forTask(Task.TEXT_CLASSIFICATION)))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("gs://shop/own", "which is code", "trusted-sha256");
    }

    /** As the archive returns them: half precision, double, a tuple, a dict. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "return torch.to(x, 5)| Tensor",
                "return torch.to(x, 7)| Tensor",
                "return (torch.to(x, 6), input_ids)| Tuple[Tensor, Tensor]",
                "return [torch.to(x, 6), input_ids]| List[Tensor]",
                "return {\"other\": input_ids, \"logits\": torch.to(x, 6)}| Dict[str, Tensor]"
            })
    void findsTheAnswer(String answer, String type) throws Exception {
        ScriptedDirectory.write(directory, BERT, ScriptedDirectory.YAML, returning(answer, type));

        assertSame(answers(trusted(Task.TEXT_CLASSIFICATION)), answers(original(BERT)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "return torch.to(x, 15)| Tensor| it must return float32",
                "return torch.to(x, 4)| Tensor| it must return float32",
                "return torch.unsqueeze(x, 1)| Tensor| [1, 1, 4]",
                "return torch.slice(x, 1, 0, 3)| Tensor| [1, 3]",
                "return torch.slice(x, 1, 0, 0)| Tensor| [1, 0]",
                "return torch.slice(x, 0, 0, 1)| Tensor| [1, 4] for 2 rows of 3 tokens",
                "return {\"scores\": x}| Dict[str, Tensor]| but not 'logits'",
                "return []| List[Tensor]| but not 'logits'",
                "return \"text\"| str| the shape []",
                "return None| NoneType| failed",
                "return 7| int| failed",
                "return {\"a\": {\"logits\": x}}| Dict[str, Dict[str, Tensor]]| failed",
                "return torch.of_tomorrow(x)| Tensor| Unknown builtin op: aten::of_tomorrow",
                "return torch.matmul(x, x)| Tensor| cannot be multiplied"
            })
    void refusesOtherAnswers(String answer, String type, String cause) throws Exception {
        ScriptedDirectory.write(directory, BERT, ScriptedDirectory.YAML, returning(answer, type));

        assertThatThrownBy(() -> open(trusted(Task.TEXT_CLASSIFICATION)).close())
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining(cause);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[attention_mask, input_ids]| [input_ids]| failed",
                "[attention_mask, input_ids]| [input_ids, attention_mask, token_type_ids]| failed",
                "[bakery, dairy, drinks, household]| [a, b, c]| expected [1, 3]"
            })
    void refusesWhatTheDescriptionHasWrong(String right, String wrong, String cause) throws Exception {
        ScriptedDirectory.write(directory, BERT, ScriptedDirectory.YAML.replace(right, wrong));

        assertThatThrownBy(() -> open(trusted(Task.TEXT_CLASSIFICATION)).close())
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining(cause);
    }

    @Test
    void refusesWhatIsNoArchive() throws Exception {
        ScriptedDirectory.write(directory, BERT, ScriptedDirectory.YAML);
        Files.writeString(directory.resolve("model.pt"), "nonsense");

        assertThatThrownBy(() -> open(trusted(Task.TEXT_CLASSIFICATION)).close())
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("cannot be loaded");
    }

    @Test
    void isLoadedOnlyWhereItIsTrusted() throws Exception {
        ScriptedDirectory.write(directory, BERT, ScriptedDirectory.YAML);
        String sha256 = ScriptedDirectory.sha256(directory);

        assertThatThrownBy(() -> models.open(directory.toString(), Optional.empty()))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(directory + "/model.pt", "which is code", "trusted-sha256: " + sha256);
        assertThatThrownBy(() -> models.open(directory.toString(), Optional.of("0".repeat(64))))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(directory + "/model.pt", sha256, "0".repeat(64));
        assertThatThrownBy(() -> models.verify(
                        directory.toString(), Optional.empty(), seen -> seen.forTask(Task.TEXT_CLASSIFICATION)))
                .hasMessageContaining("trusted-sha256: " + sha256);
        assertThat(models.verify(
                        directory.toString(), Optional.of(sha256), seen -> seen.forTask(Task.TEXT_CLASSIFICATION)))
                .contains("own");
        Path pretrained = Fixture.named(BERT).model();
        assertThatThrownBy(() -> models.open(pretrained.toString(), Optional.of(sha256)))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("without code", "leave out trusted-sha256");
    }

    /** The copy that is loaded is the one that was hashed, whatever becomes of the user's file. */
    @Test
    void changesOfTheFileAreNotLoaded() throws Exception {
        ScriptedDirectory.write(directory, BERT, ScriptedDirectory.YAML);
        AnsweringModel model = trusted(Task.TEXT_CLASSIFICATION);
        String trusted = ScriptedDirectory.sha256(directory);
        Files.writeString(directory.resolve("model.pt"), "nonsense");

        assertSame(answers(model), answers(original(BERT)));
        assertThatThrownBy(() -> models.open(directory.toString(), Optional.of(trusted)))
                .hasMessageContainingAll("is not the archive that is trusted", ScriptedDirectory.sha256(directory));
    }

    @Test
    void cannotBeTrainedOrPublished() throws Exception {
        ScriptedDirectory.write(directory, BERT, ScriptedDirectory.YAML);

        assertThatThrownBy(() -> models.open(directory.toString())).hasMessageContaining("cannot be trained");
        assertThatThrownBy(() -> models.verify(directory.toString(), model -> {}))
                .hasMessageContaining("cannot be trained");
        assertThatThrownBy(() -> models.publish(DisplayPath.of(directory), ObjectUri.parse("gs://shop/models"), "v1"))
                .hasMessageContaining("published");
    }

    @Test
    void computesOnlyAsItWasMade() throws Exception {
        ScriptedDirectory.write(directory, BERT, ScriptedDirectory.YAML);
        AnsweringModel model = trusted(Task.TEXT_CLASSIFICATION);

        assertThatThrownBy(() -> TextModel.open(
                        model,
                        models,
                        InferenceEngines.pyTorch(),
                        Precision.BFLOAT16,
                        TextModelOptions.on(ComputeDevice.CPU)))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("bfloat16", "leave out dtype");
        assertThatThrownBy(() -> trusted(Task.FEATURE_EXTRACTION))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("is for task text-classification, not feature-extraction");
    }

    @Test
    void readsTextsAsTheyAreWritten() throws Exception {
        ScriptedDirectory.write(
                directory, BERT, ScriptedDirectory.YAML.replace("[bakery, dairy, drinks", "[no, 2.50, ~"));

        assertThat(answers(trusted(Task.TEXT_CLASSIFICATION)).column("label").asList())
                .isSubsetOf("no", "2.50", "~", "household");
    }

    @Test
    void saysAllThatIsWrongWithTheDescription() throws Exception {
        ScriptedDirectory.write(directory, BERT, """
                archive: ../model.pt
                task: translation
                inputs: [ids, input_ids, input_ids]
                labels: no
                max-length: 0
                pad_token_id: 0
                vocabulary: many
                vocabulary: 3
                """);

        assertThatThrownBy(() -> models.open(directory.toString(), Optional.empty()))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(
                        "line 6: pad_token_id: unknown key; did you mean 'pad-token-id'? Allowed: archive",
                        "line 8: vocabulary: appears twice, first in line 7; keep one",
                        "modelbatch.yaml: line 1: archive: is '../model.pt', must be the name of a .pt file",
                        "line 2: task: has 'translation'; allowed are text-classification, token-classification",
                        "line 3: inputs: has 'ids'; allowed are input_ids, attention_mask, token_type_ids",
                        "line 3: inputs: has a duplicate name",
                        "line 1: lacks 'outputs'",
                        "line 5: max-length: must be a whole number from 1 to 10000000, not '0'",
                        "line 7: vocabulary: must be a whole number from 1 to 10000000, not 'many'",
                        "line 1: lacks 'pad-token-id'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "labels: [bakery, dairy, drinks, household]| | lacks 'labels'",
                "labels: [bakery, dairy, drinks, household]| labels: [a, [b]]| labels: must be a list of texts",
                "labels: [bakery, dairy, drinks, household]| labels: []| labels: must be a list of texts",
                "labels: [bakery, dairy, drinks, household]| labels: [[[[[a]]]]]| nested more than 3 levels deep, the limit of a description of a model",
                "labels: [bakery, dairy, drinks, household]| labels: {a: b}| labels: must be a list of texts",
                "task: text-classification| task: feature-extraction| lacks 'hidden-size'",
                "task: text-classification| task: feature-extraction| labels: belongs to",
                "outputs: logits| outputs:| outputs: must be a text, not nothing",
                "outputs: logits| outputs: a\\nproblem-type: ranking| single_label_classification, multi_label",
                "outputs: logits| outputs: a\\nhidden-size: 3| belongs to task feature-extraction",
                "[attention_mask, input_ids]| [attention_mask]| lacks input_ids",
                "pad-token-id: 0| pad-token-id: 700| from 0 to 699",
                "pad-token-id: 0| pad-token-id: !!java.net.URL [a]| tags (!!java.net.URL) are not allowed",
                "archive: model.pt| archive: other.pt| names, is missing",
                "archive: model.pt| [archive]| not YAML",
                "outputs: logits| outputs: a\\n---\\n| line 5: a second document starts here; write one model in a file"
            })
    void refusesDescriptions(String right, @Nullable String wrong, String cause) throws Exception {
        ScriptedDirectory.write(
                directory,
                BERT,
                ScriptedDirectory.YAML.replace(right, wrong == null ? "" : wrong.replace("\\n", "\n")));

        assertThatThrownBy(() -> models.open(directory.toString(), Optional.empty()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(cause);
    }

    @ParameterizedTest
    @CsvSource({"config.json, remove one of the two", "model.safetensors, remove one of the two"})
    void refusesTwoModelsInOne(String file, String cause) throws Exception {
        ScriptedDirectory.write(directory, BERT, ScriptedDirectory.YAML);
        Files.copy(Fixture.named(BERT).model().resolve(file), directory.resolve(file));

        assertThatThrownBy(() -> models.open(directory.toString(), Optional.empty()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(cause);
    }

    @ParameterizedTest
    @CsvSource({
        "model.pt, a .pt file",
        "tokenizer.json, tokenizer.json is missing",
        "modelbatch.yaml, 'a modelbatch.yaml, which a TorchScript archive needs'"
    })
    void saysWhichFileIsMissing(String file, String cause) throws Exception {
        ScriptedDirectory.write(directory, BERT, ScriptedDirectory.YAML);
        Files.delete(directory.resolve(file));

        assertThatThrownBy(() -> models.open(directory.toString(), Optional.empty()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(cause);
    }

    @Test
    @Python.Needed
    void runsWhatTorchTraced() throws Exception {
        ScriptedDirectory.write(
                directory,
                BERT,
                ScriptedDirectory.YAML.replace("[attention_mask, input_ids]", "[input_ids, attention_mask]"));
        Python.run(Duration.ofMinutes(3), "trace.py", Fixture.named(BERT).model(), directory.resolve("model.pt"));

        assertSame(answers(trusted(Task.TEXT_CLASSIFICATION)), answers(original(BERT)));
    }

    /** Another last line, of another type, where {@code x} is the answer. */
    private static UnaryOperator<String> returning(String answer, String type) {
        return source -> {
            int last = source.lastIndexOf("    return torch.to(");
            String value = source.substring(last + "    return torch.to(".length(), source.lastIndexOf(", 6)"));
            return source.substring(0, last)
                            .replace(
                                    "attention_mask: Tensor, input_ids: Tensor) -> Tensor",
                                    "attention_mask: Tensor, input_ids: Tensor) -> " + type)
                    + "    x = " + value + "\n    " + answer + "\n";
        };
    }

    private AnsweringModel trusted(Task task) throws IOException {
        return models.open(directory.toString(), Optional.of(ScriptedDirectory.sha256(directory)))
                .forTask(task);
    }

    private AnsweringModel original(String fixture) throws IOException {
        return models.open(Fixture.named(fixture).model().toString())
                .forTask(Fixture.named(fixture).task());
    }

    private TextModel open(AnsweringModel model) throws IOException {
        return TextModel.open(
                model,
                models,
                InferenceEngines.pyTorch(),
                Precision.FLOAT32,
                TextModelOptions.on(ComputeDevice.CPU).withTokenBudget(200));
    }

    private Answers answers(AnsweringModel model) throws IOException {
        List<@Nullable String> texts = new ArrayList<>();
        Fixture.named(BERT).cases().forEach(one -> texts.add(one.text()));
        try (TextModel opened = open(model)) {
            return opened.submit(texts, Optional.empty()).await(() -> false).orElseThrow();
        }
    }

    private static void assertSame(Answers one, Answers other) {
        assertThat(one.rejected()).isEmpty();
        assertThat(values(one))
                .usingRecursiveComparison()
                .withComparatorForType(ScriptedModelTest::near, Double.class)
                .withComparatorForType(ScriptedModelTest::near, Float.class)
                .isEqualTo(values(other));
    }

    private static Map<String, List<Object>> values(Answers answers) {
        return Maps.transformValues(answers.columns(), Column::asList);
    }

    private static int near(Number one, Number other) {
        return Math.abs(one.doubleValue() - other.doubleValue()) < 2e-3
                ? 0
                : Double.compare(one.doubleValue(), other.doubleValue());
    }
}
