package io.modelbatch.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.model.Fixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static final int POSITIONS = 66;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-classification",
                "bert-multi-label",
                "bert-regression",
                "bert-pair",
                "bert-pair-typed",
                "bert-cased-sharded",
                "bert-bfloat16",
                "bert-float16"
            })
    void givesExactlyTheReferencesIds(String name) throws Exception {
        Fixture fixture = Fixture.named(name);
        try (Tokenizer tokenizer = Tokenizer.open(fixture.model(), POSITIONS, OptionalInt.empty())) {
            assertThat(tokenizer.maxLength()).isEqualTo(fixture.maxLength());
            for (Fixture.Case one : fixture.cases()) {
                TokenIds tokens = tokenizer.encode(one.text(), one.pair());
                assertThat(longs(tokens.ids())).as(one.text()).isEqualTo(one.ids());
                long[] types = one.types();
                assertThat(longs(tokens.types())).isEqualTo(types == null ? new long[one.ids().length] : types);
            }
        }
    }

    @Test
    void manyThreadsShareOne() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        try (Tokenizer tokenizer = Tokenizer.open(fixture.model(), POSITIONS, OptionalInt.empty())) {
            IntStream.range(0, 500).parallel().forEach(i -> {
                Fixture.Case one = fixture.cases().get(i % 48);
                assertThat(longs(tokenizer.encode(one.text(), null).ids())).isEqualTo(one.ids());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\ud800", "a\udc00b", "\udfff\ud83d", "\ud83d\ude00 \ud83d", "\u0000", "a\u0000b", "\uffff"})
    void survivesWhatIsNoText(String text) throws Exception {
        try (Tokenizer tokenizer =
                Tokenizer.open(Fixture.named("bert-classification").model(), POSITIONS, OptionalInt.empty())) {
            int[] ids = tokenizer.encode(text, text).ids();
            assertThat(ids[0]).isEqualTo(2);
            assertThat(ids[ids.length - 1]).isEqualTo(3);
        }
    }

    @Test
    void truncatesToWhatIsAsked() throws Exception {
        Path model = Fixture.named("bert-classification").model();
        try (Tokenizer tokenizer = Tokenizer.open(model, POSITIONS, OptionalInt.of(8))) {
            assertThat(tokenizer.encode("milk ".repeat(10_000), null).length()).isEqualTo(8);
            assertThat(tokenizer.encode("milk", "bread ".repeat(100)).length()).isEqualTo(8);
        }
        assertThatThrownBy(() -> Tokenizer.open(model, POSITIONS, OptionalInt.of(67)))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContainingAll("max-length is 67", "1 to 66");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}| 66| true",
                "{\"model_max_length\":1000000000000000019884624838656}| 66| true",
                "{\"model_max_length\":16,\"tokenizer_class\":\"BertTokenizerFast\"}| 16| true",
                "{\"tokenizer_class\":\"TokenizersBackend\"}| 66| false",
                "{\"tokenizer_class\":\"BertTokenizer\",\"model_input_names\":[\"input_ids\"]}| 66| false",
                "{\"tokenizer_class\":\"TokenizersBackend\",\"model_input_names\":[\"token_type_ids\"]}| 66| true",
            })
    void readsTheTokenizersConfig(String config, int maxLength, boolean typed) throws Exception {
        Path model = withConfig(config);
        assertThat(TokenizerSettings.read(model, POSITIONS, OptionalInt.empty()))
                .isEqualTo(new TokenizerSettings(model.resolve("tokenizer.json"), maxLength, typed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"truncation_side\":\"left\"}", "{\"model_max_length\":0}"})
    void refusesConfigsThatMakeNoSense(String config) throws Exception {
        Path model = withConfig(config);
        assertThatThrownBy(() -> Tokenizer.open(model, POSITIONS, OptionalInt.empty()))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer_config.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"model\":{\"type\":\"Other\"}}", "nonsense"})
    void refusesDamagedTokenizers(String content) throws Exception {
        Files.writeString(folder.resolve("tokenizer.json"), content);
        assertThatThrownBy(() -> Tokenizer.open(folder, POSITIONS, OptionalInt.empty()))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(folder.resolve("tokenizer.json").toString());
        Files.delete(folder.resolve("tokenizer.json"));
        assertThatThrownBy(() -> Tokenizer.open(folder, POSITIONS, OptionalInt.empty()))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer.json is missing");
    }

    private Path withConfig(String config) throws Exception {
        Files.copy(
                Fixture.named("bert-classification").model().resolve("tokenizer.json"),
                folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("tokenizer_config.json"), config);
        return folder;
    }

    private static long[] longs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
