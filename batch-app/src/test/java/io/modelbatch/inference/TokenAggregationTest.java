package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelbatch.Python;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.model.AnsweringModel;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.Task;
import io.modelbatch.model.script.Precision;
import io.modelbatch.result.Entity;
import io.modelbatch.store.ObjectStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Entities as the pipeline of transformers finds them with each of its strategies: with marked parts of words, and without. */
@Python.Needed
class TokenAggregationTest {
    private static final List<String> TEXTS = List.of(
            "Fresh milk from Hokkaido, O'Neil bagels and unsalted butter",
            "organic Apple-juice 12pcs; ÉCLAIR ähnlich 牛乳 500ml 👩‍👩‍👧 x",
            "  rye   bread.Half-baked  ",
            "milk",
            "pneumonoultramicroscopic strawberry yoghurt ".repeat(3).strip());

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bert-tokens", "xlm-roberta-tokens"})
    void answersAsThePipelineDoes(String fixture) throws Exception {
        Path directory = Fixture.named(fixture).model();
        ModelRepository models =
                new ModelRepository(ObjectStores.folder(folder.resolve("buckets")), folder.resolve("cache"));
        AnsweringModel model =
                models.open(directory.toString(), Optional.empty()).forTask(Task.TOKEN_CLASSIFICATION);
        List<String> expected = Python.run(
                Duration.ofMinutes(3), JsonMapper.shared().writeValueAsBytes(TEXTS), "aggregations.py", directory);
        assertThat(expected).hasSize(TokenAggregation.values().length);
        for (String line : expected) {
            JsonNode strategy = JsonMapper.shared().readTree(line);
            String name = strategy.path("strategy").stringValue();
            TextModelOptions options = TextModelOptions.on(ComputeDevice.CPU)
                    .withAggregation(TokenAggregation.valueOf(name.toUpperCase(Locale.ROOT)));
            try (TextModel opened =
                    TextModel.open(model, models, InferenceEngines.pyTorch(), Precision.FLOAT32, options)) {
                Answers answers = opened.submit(new ArrayList<>(TEXTS), Optional.empty())
                        .await(() -> false)
                        .orElseThrow();
                for (int row = 0; row < TEXTS.size(); row++) {
                    compare(
                            name + " of " + TEXTS.get(row),
                            (List<?>) answers.column("entities").value(row),
                            strategy.path("answers").get(row));
                }
            }
        }
    }

    private static void compare(String what, List<?> entities, JsonNode expected) {
        assertThat(entities).as(what).hasSize(expected.size());
        for (int i = 0; i < entities.size(); i++) {
            Entity entity = (Entity) entities.get(i);
            JsonNode one = expected.get(i);
            assertThat(List.of(entity.entity(), entity.start(), entity.end(), entity.word()))
                    .as(what)
                    .isEqualTo(List.of(
                            one.path("entity").stringValue(),
                            one.path("start").longValue(),
                            one.path("end").longValue(),
                            one.path("word").stringValue()));
            assertThat(entity.score()).as(what).isCloseTo(one.path("score").doubleValue(), within(1e-4));
        }
    }
}
