package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import io.modelbatch.Python;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.Task;
import io.modelbatch.model.script.Precision;
import io.modelbatch.store.ObjectStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** all-MiniLM-L6-v2, a trained model with its own tokenizer, embeds texts as sentence-transformers does. */
@Python.Needed
class RealMiniLmTest {
    private static final List<String> TEXTS = texts();
    private static List<String> theirs = List.of();

    @TempDir
    Path folder;

    @BeforeAll
    static void askSentenceTransformers() throws Exception {
        theirs = Python.run(Duration.ofMinutes(5), JsonMapper.shared().writeValueAsBytes(TEXTS), "embeddings.py");
    }

    @Test
    void embedsAsSentenceTransformers() throws Exception {
        embeds(Precision.FLOAT32, (ours, expected) -> assertThat(ours).containsExactly(expected, within(1e-5f)));
    }

    /** Of some of its tokens one number is far larger than all others, which int8 must not lose; those odd texts are the hardest. */
    @Test
    void embedsNearlyTheSameInInt8() throws Exception {
        assumeThatCode(ComputeDevice.CPU::requireInt8).doesNotThrowAnyException();
        embeds(
                Precision.INT8,
                (ours, expected) ->
                        assertThat(PrecisionTrial.distance(ours, expected)).isLessThan(0.07));
    }

    private void embeds(Precision precision, BiConsumer<float[], float[]> compare) throws Exception {
        String directory = JsonMapper.shared().readValue(theirs.get(0), String.class);
        ModelRepository models =
                new ModelRepository(ObjectStores.folder(folder.resolve("buckets")), folder.resolve("cache"));

        try (TextModel model = TextModel.open(
                models.open(directory).forTask(Task.FEATURE_EXTRACTION),
                models,
                InferenceEngines.pyTorch(),
                precision,
                TextModelOptions.on(ComputeDevice.CPU))) {
            Answers answers = model.submit(new ArrayList<>(TEXTS), Optional.empty())
                    .await(() -> false)
                    .orElseThrow();

            assertThat(answers.rejected()).isEmpty();
            for (int row = 0; row < TEXTS.size(); row++) {
                float[] ours = (float[]) answers.column("embedding").value(row);
                float[] expected = JsonMapper.shared().readValue(theirs.get(row + 1), float[].class);
                compare.accept(ours, expected);
            }
        }
    }

    /** Short ones, odd ones, and one that is longer than the 256 tokens that this model reads. */
    private static List<String> texts() {
        List<String> texts = Fixture.named("sentence-embeddings").cases().stream()
                .map(Fixture.Case::text)
                .collect(Collectors.toCollection(ArrayList::new));
        texts.add("A man is eating a piece of bread.");
        texts.add("東京で緑茶を2本買いました。");
        texts.add("The quick brown fox jumps over the lazy dog. ".repeat(60));
        return texts;
    }
}
