package io.modelbatch.model;

import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.model.architecture.Network;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.Safetensors;
import io.modelbatch.model.tensor.Tensor;
import io.modelbatch.token.Tokenizer;
import io.modelbatch.token.TokenizerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes a model's files hold, nothing but the exceptions that were made for it comes of them, and soon. With {@code
 * JAZZER_FUZZ=1} Jazzer looks for others; without, the good files and the findings are tried, and some mutations of the former.
 */
class ModelFuzzTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int RUNS = 2_000;
    /** Those take a tokenizer of the library each. */
    private static final int RUNS_OF_TOKENIZERS = 300;

    private static final String MODULES =
            "[{\"idx\":0,\"path\":\"\",\"type\":\"sentence_transformers.models.Transformer\"},"
                    + "{\"idx\":1,\"path\":\"1_Pooling\",\"type\":\"sentence_transformers.models.Pooling\"},"
                    + "{\"idx\":2,\"path\":\"2_Normalize\",\"type\":\"sentence_transformers.models.Normalize\"}]";

    @TempDir
    Path folder;

    private Path sentences;
    private Path sharded;
    private Path tokenizer;

    /** The promise that nothing fails in another way. */
    @FunctionalInterface
    private interface Reading {
        void run() throws IOException;
    }

    @BeforeEach
    void makeFolders() throws IOException {
        sentences =
                Files.createDirectories(folder.resolve("sentences/1_Pooling")).getParent();
        sharded = Files.createDirectory(folder.resolve("sharded"));
        Files.write(
                sharded.resolve("a.safetensors"),
                safetensors("{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4));
        tokenizer = Files.createDirectory(folder.resolve("tokenizer"));
    }

    @MethodSource("configs")
    @FuzzTest(maxDuration = "10m")
    void config(byte[] content) {
        only(() -> {
            ModelConfig config = ModelConfig.parse(content, DisplayPath.of(Path.of("config.json")));
            for (Head head : List.of(
                    new Head.TextClassification(config.problemType(), config.labels()),
                    new Head.TokenClassification(config.labels()),
                    new Head.Embedding(Head.Pooling.MEAN, Head.Scale.NORMALIZED))) {
                Network.of(config, head).parameters();
            }
        });
    }

    @MethodSource("weights")
    @FuzzTest(maxDuration = "10m")
    void weights(byte[] content) {
        Path file = folder.resolve("fuzzed.safetensors");
        only(() -> {
            Files.write(file, content);
            for (Tensor tensor : Safetensors.open(file).tensors().values()) {
                tensor.read((values, count) -> {});
            }
        });
    }

    @MethodSource("indexes")
    @FuzzTest(maxDuration = "10m")
    void index(byte[] content) {
        only(() -> {
            Files.write(sharded.resolve(ModelFiles.INDEX), content);
            StoredWeights.open(DisplayPath.of(sharded));
        });
    }

    @MethodSource("modules")
    @FuzzTest(maxDuration = "10m")
    void modules(byte[] content) {
        for (String file : List.of(
                "1_Pooling/config.json",
                "modules.json",
                "sentence_bert_config.json",
                "config_sentence_transformers.json")) {
            only(() -> {
                Files.write(sentences.resolve("modules.json"), MODULES.getBytes(StandardCharsets.UTF_8));
                Files.write(sentences.resolve(file), content);
                SentenceModules.read(DisplayPath.of(sentences));
            });
            only(() -> Files.deleteIfExists(sentences.resolve(file)));
        }
    }

    @MethodSource("tokenizers")
    @FuzzTest(maxDuration = "10m")
    void tokenizer(byte[] content) {
        for (String name : List.of(
                "PreTrainedTokenizerFast",
                "BertTokenizer",
                "RobertaTokenizer",
                "XLMRobertaTokenizer",
                "AlbertTokenizer")) {
            only(() -> tokenize(content, ("{\"tokenizer_class\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8)));
        }
    }

    @MethodSource("settings")
    @FuzzTest(maxDuration = "10m")
    void settings(byte[] content) {
        only(() -> tokenize(file("bert-classification", "tokenizer.json"), content));
        only(() -> tokenize(file("xlm-roberta-tokens", "tokenizer.json"), content));
    }

    private void tokenize(byte[] json, byte[] config) throws IOException {
        Files.write(tokenizer.resolve("tokenizer.json"), json);
        Files.write(tokenizer.resolve("tokenizer_config.json"), config);
        try (Tokenizer opened = Tokenizer.open(tokenizer, 66, OptionalInt.empty())) {
            opened.encode("Fresh milk 3.5 % \u00e9", null);
            opened.encode("Fresh", "milk");
            opened.join(List.of(opened.token(opened.tokenize("Fresh milk"), 0)));
        }
    }

    private static void only(Reading reading) {
        assertTimeout(SOON, () -> {
            try {
                reading.run();
            } catch (ModelException | TokenizerException e) {
                // as it should be
            }
        });
    }

    static Stream<byte[]> configs() {
        return files("config.json");
    }

    static Stream<byte[]> settings() {
        return files("tokenizer_config.json");
    }

    static Stream<byte[]> tokenizers() {
        return files("tokenizer.json");
    }

    static Stream<byte[]> weights() {
        return Stream.of(
                safetensors("{}", 0),
                safetensors(
                        "{\"__metadata__\":{\"format\":\"pt\"},\"t\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}",
                        16),
                safetensors(
                        "{\"h\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"BF16\",\"shape\":[1,0],\"data_offsets\":[2,2]}}",
                        2));
    }

    static Stream<byte[]> indexes() {
        return Stream.of("{\"metadata\":{\"total_size\":4},\"weight_map\":{\"t\":\"a.safetensors\"}}"
                .getBytes(StandardCharsets.UTF_8));
    }

    static Stream<byte[]> modules() {
        return Stream.of(
                        MODULES,
                        "{\"pooling_mode\":\"mean\"}",
                        "{\"pooling_mode_cls_token\":true,\"pooling_mode_mean_tokens\":false}",
                        "{\"max_seq_length\":128,\"do_lower_case\":false}",
                        "{\"prompts\":{},\"default_prompt_name\":null}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private static Stream<byte[]> files(String name) {
        return Stream.of(
                        "bert-tokens",
                        "roberta-classification",
                        "xlm-roberta-tokens",
                        "albert-classification",
                        "deberta-v2-classification",
                        "modernbert-classification",
                        "distilbert-classification")
                .map(fixture -> file(fixture, name));
    }

    private static byte[] file(String fixture, String name) {
        try {
            return Files.readAllBytes(Fixture.named(fixture).model().resolve(name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] safetensors(String header, int data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    @Test
    void mutatedFiles() {
        mutate(configs(), RUNS, this::config);
        mutate(weights(), RUNS, this::weights);
        mutate(indexes(), RUNS, this::index);
        mutate(modules(), RUNS / 4, this::modules);
        mutate(settings(), RUNS_OF_TOKENIZERS, this::settings);
        mutate(tokenizers(), RUNS_OF_TOKENIZERS, this::tokenizer);
    }

    private static void mutate(Stream<byte[]> good, int runs, Consumer<byte[]> target) {
        List<byte[]> files = good.toList();
        for (int seed = 1; seed <= runs; seed++) {
            byte[] mutated = Mutation.of(files.get(seed % files.size()), new Random(seed));
            try {
                target.accept(mutated);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("Seed " + seed + ": " + new String(mutated, StandardCharsets.UTF_8), e);
            }
        }
    }
}
