package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelbatch.Python;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.AnsweringModel;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.PromptChoice;
import io.modelbatch.model.Task;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.tensor.Json;
import io.modelbatch.store.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Models of sentence-transformers with random modules, prompts and settings give the embeddings that {@code encode} gives. */
@Python.Needed
class RandomSentenceModulesTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void makeModels() throws Exception {
        ComputeEngine.start();
        Path fixtures = Fixture.named("sentence-embeddings").model().getParent().getParent();
        Python.run(
                Duration.ofMinutes(5),
                "sentence_modules.py",
                folder,
                System.getProperty("random-models.seed", "1"),
                fixtures);
    }

    static List<String> models() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("sentences-"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void answersAsEncodeDoes(String name) throws Exception {
        Path directory = folder.resolve(name);
        ObjectNode expected =
                Json.object(Files.readAllBytes(directory.resolve("expected.json")), DisplayPath.of(directory));
        ModelRepository models =
                new ModelRepository(ObjectStores.folder(folder.resolve("buckets")), folder.resolve("cache"));
        AnsweringModel model = models.open(directory.resolve("model").toString(), Optional.empty())
                .forTask(Task.FEATURE_EXTRACTION);
        TextModelOptions options = TextModelOptions.on(ComputeDevice.CPU)
                .withPrompt(new PromptChoice(text(expected, "prompt"), text(expected, "prompt_name")));
        List<JsonNode> cases = expected.path("cases").valueStream().toList();
        List<String> texts =
                cases.stream().map(one -> one.path("text").stringValue()).toList();
        try (TextModel opened = TextModel.open(model, models, InferenceEngines.pyTorch(), Precision.FLOAT32, options)) {
            Answers answers =
                    opened.submit(texts, Optional.empty()).await(() -> false).orElseThrow();
            for (int row = 0; row < cases.size(); row++) {
                compare(answers, row, cases.get(row).path("embedding"));
            }
        }
    }

    /** Where nothing but the prompt is left of a text, the largest number of no token is not a number here and minus infinity there. */
    private static void compare(Answers answers, int row, JsonNode expected) {
        if (expected.valueStream().anyMatch(number -> !Double.isFinite(number.asDouble(Double.NaN)))) {
            assertThat(answers.rejected()).containsKey(row);
            return;
        }
        assertThat(answers.rejected()).doesNotContainKey(row);
        float[] embedding = (float[]) answers.column("embedding").value(row);
        assertThat(embedding).hasSize(expected.size());
        for (int i = 0; i < embedding.length; i++) {
            double number = expected.get(i).doubleValue();
            assertThat((double) embedding[i])
                    .as("number %d of row %d", i, row)
                    .isCloseTo(number, within(1e-4 * Math.max(1, Math.abs(number))));
        }
    }

    private static Optional<String> text(ObjectNode expected, String key) {
        return expected.has(key) ? Optional.of(expected.path(key).stringValue()) : Optional.empty();
    }
}
