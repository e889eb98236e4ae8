package io.modelbatch.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.Fixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TokenizerTest {
    private static final int POSITIONS = 66;

    @TempDir
    Path folder;

    static Stream<String> fixtures() throws Exception {
        Path all = Path.of(Objects.requireNonNull(TokenizerTest.class.getResource("/fixtures"))
                .toURI());
        try (Stream<Path> names = Files.list(all)) {
            return names
                    .map(name -> name.getFileName().toString())
                    .filter(name -> !name.equals("training"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void givesExactlyTheReferencesIds(String name) throws Exception {
        Fixture fixture = Fixture.named(name);
        try (Tokenizer tokenizer = Tokenizer.open(fixture.model(), POSITIONS, OptionalInt.empty())) {
            assertThat(tokenizer.maxLength()).isEqualTo(fixture.maxLength());
            assertThat(fixture.cases()).hasSize(48);
            for (Fixture.Case one : fixture.cases()) {
                TokenIds tokens = tokenizer.encode(one.text(), one.pair());
                assertThat(longs(tokens.ids())).as(one.text()).isEqualTo(one.ids());
                long[] types = one.types();
                assertThat(longs(tokens.types())).isEqualTo(types == null ? new long[one.ids().length] : types);
            }
        }
    }

    static Stream<JsonNode> tokenizers() throws Exception {
        try (var stream = Objects.requireNonNull(TokenizerTest.class.getResourceAsStream("/tokens.json"))) {
            return JsonMapper.shared().readTree(stream.readAllBytes()).valueStream();
        }
    }

    /** Made by {@code src/test/python/tokens.py}: other classes and switches, positions, windows, pairs and words. */
    @ParameterizedTest
    @MethodSource("tokenizers")
    void doesWhatTheReferenceDoes(JsonNode expected) throws Exception {
        Path model = Fixture.named(expected.path("fixture").stringValue()).model();
        if (expected.path("config").isObject()) {
            model = withConfig(model, expected.path("config").toString());
        }
        for (JsonNode one : expected.path("cases")) {
            int maxLength = one.path("max_length").intValue();
            try (Tokenizer tokenizer = Tokenizer.open(model, POSITIONS, OptionalInt.of(maxLength))) {
                compareAlone(tokenizer, one);
                compareWindows(tokenizer, one);
                TokenIds both = tokenizer.encode(text(one), one.path("pair").stringValue());
                assertThat(both.ids()).as(text(one)).isEqualTo(ints(one.path("pair_ids")));
                assertThat(both.types()).isEqualTo(ints(one.path("pair_types")));
            }
        }
    }

    private static String word(Tokenizer tokenizer, TokenizedText text, int from, int to) {
        return tokenizer.join(IntStream.range(from, to)
                .mapToObj(i -> tokenizer.token(text, i))
                .toList());
    }

    private static void compareAlone(Tokenizer tokenizer, JsonNode one) {
        TokenIds ids = tokenizer.encode(text(one), null);
        TokenizedText tokens = tokenizer.tokenize(text(one));
        assertThat(ids.ids()).as(text(one)).isEqualTo(ints(one.path("ids")));
        assertThat(tokens.tokens().ids()).isEqualTo(ids.ids());
        assertThat(ids.truncated()).isEqualTo(one.path("truncated").booleanValue());
        assertThat(tokens.starts()).as(text(one)).isEqualTo(ints(one.path("starts")));
        assertThat(tokens.ends()).isEqualTo(ints(one.path("ends")));
        for (int i = 0; i < ids.length(); i++) {
            assertThat(tokens.special()[i])
                    .isEqualTo(one.path("special").path(i).intValue() == 1);
        }
        int[] word = ints(one.path("word_of"));
        assertThat(word(tokenizer, tokens, word[0], word[1]))
                .isEqualTo(one.path("word").stringValue());
    }

    private static void compareWindows(Tokenizer tokenizer, JsonNode one) {
        int overlap = one.path("overlap").intValue();
        List<TokenIds> windows = tokenizer.encodeWindows(text(one), overlap);
        assertThat(windows.stream()
                        .map(window -> IntStream.of(window.ids()).boxed().toList()))
                .isEqualTo(one.path("windows")
                        .valueStream()
                        .map(window -> IntStream.of(ints(window)).boxed().toList())
                        .toList());
        List<TokenizedText> located = tokenizer.tokenizeWindows(text(one), overlap);
        for (int i = 0; i < windows.size(); i++) {
            assertThat(windows.get(i).truncated()).isFalse();
            assertThat(located.get(i).tokens().ids()).isEqualTo(windows.get(i).ids());
        }
    }

    /** The beginning of a long text is enough for its first tokens; windows read it to its end. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void findsTheFirstTokensOfALongTextInItsBeginning(String name) throws Exception {
        Fixture fixture = Fixture.named(name);
        String all = String.join(
                " ", fixture.cases().stream().map(Fixture.Case::text).toList());
        try (Tokenizer tokenizer = Tokenizer.open(fixture.model(), POSITIONS, OptionalInt.of(9))) {
            for (int from = 0; from < all.length(); from += 197) {
                String text = (all.substring(from) + " milk " + all).repeat(3);
                TokenIds first = tokenizer.encode(text, null);
                assertThat(first.truncated()).isTrue();
                assertThat(first.ids())
                        .isEqualTo(tokenizer.encodeWindows(text, 0).get(0).ids());
                assertThat(tokenizer.tokenize(text).starts())
                        .isEqualTo(tokenizer.tokenizeWindows(text, 0).get(0).starts());
            }
        }
    }

    @Test
    void givesTheOddTokenToTheLongerOfTwoLongTexts() throws Exception {
        Path model = Fixture.named("bert-pair-typed").model();
        try (Tokenizer tokenizer = Tokenizer.open(model, POSITIONS, OptionalInt.of(8))) { // room for five
            String milk = "a ".repeat(5_000);
            assertThat(tokenizer.encode(milk, milk + "a").types()).containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
            assertThat(tokenizer.encode(milk + "a", milk).types()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1);
            assertThat(tokenizer.encode(milk, "a").types()).containsExactly(0, 0, 0, 0, 0, 0, 1, 1);
            assertThat(tokenizer.encode(milk, "a").truncated()).isTrue();
            assertThat(tokenizer.encode("a a", "a a a").truncated()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-tokens", "roberta-classification", "xlm-roberta-tokens"})
    void readsABookToItsEndOnlyIfItMust(String name) throws Exception {
        Path model = Fixture.named(name).model();
        try (Tokenizer tokenizer = Tokenizer.open(model, POSITIONS, OptionalInt.empty())) {
            assertThat(tokenizer.encode("milk ".repeat(2_000_000), null).truncated())
                    .isTrue();
            assertThat(tokenizer.encode("q".repeat(1_000_000), null).length()).isPositive();
            assertThatThrownBy(() -> tokenizer.encodeWindows("milk ".repeat(2_000_000), 0))
                    .isInstanceOf(TokenizerException.class)
                    .hasMessageContaining("10000000 characters");
        }
    }

    @Test
    void leavesRoomBesideTheSpecialTokens() throws Exception {
        Path model = Fixture.named("xlm-roberta-tokens").model();
        try (Tokenizer tokenizer = Tokenizer.open(model, POSITIONS, OptionalInt.empty())) {
            assertThat(tokenizer.room()).isEqualTo(62);
            assertThatThrownBy(() -> tokenizer.encodeWindows("milk", 62)).isInstanceOf(IllegalArgumentException.class);
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

    @Test
    void isOfNoUseWhenClosed() throws Exception {
        Tokenizer tokenizer =
                Tokenizer.open(Fixture.named("bert-classification").model(), POSITIONS, OptionalInt.empty());
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("milk", null)).isInstanceOf(IllegalStateException.class);
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
            TokenizedText tokens = tokenizer.tokenize(text);
            assertThat(word(tokenizer, tokens, 0, tokens.tokens().length())).startsWith("[CLS]");
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
        assertThatThrownBy(() -> Tokenizer.open(model, POSITIONS, OptionalInt.of(2)))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContainingAll("max-length is 2", "special tokens alone are 2");
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
        Path model = withConfig(Fixture.named("bert-classification").model(), config);
        assertThat(TokenizerSettings.of(TokenizerFiles.read(DisplayPath.of(model)), POSITIONS, OptionalInt.empty()))
                .isEqualTo(new TokenizerSettings(maxLength, typed, TokenizerSettings.Side.RIGHT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"truncation_side\":\"middle\"}",
                "{\"model_max_length\":0}",
                "{\"tokenizer_class\":\"BertJapaneseTokenizer\"}",
                "{\"tokenizer_class\":\"RobertaTokenizer\"}",
                "{\"tokenizer_class\":\"BertTokenizer\",\"do_lower_case\":\"yes\"}",
                "{\"tokenizer_class\":\"BertTokenizer\",\"cls_token\":\"<cls>\"}",
                "{\"auto_map\":{\"AutoTokenizer\":[null,\"mine.Tokenizer\"]}}",
            })
    void refusesConfigsThatMakeNoSense(String config) throws Exception {
        Path model = withConfig(Fixture.named("bert-classification").model(), config);
        assertThatThrownBy(() -> Tokenizer.open(model, POSITIONS, OptionalInt.empty()))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer_config.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"model\":{\"type\":\"Other\"}}", "nonsense"})
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

    /** Some of these would take the process down if the library met them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "modernbert-classification| /model/continuing_subword_prefix| \"abc\"",
                "mpnet-classification| /post_processor/special_tokens| {}",
                "bert-tokens| /post_processor/special_tokens| {}",
                "bert-tokens| /model/type| \"Unigram\"",
                "bert-tokens| /model/type| \"Nonsense\"",
                "bert-tokens| /model/vocab| {}",
                "bert-tokens| /model/vocab| 3",
                "bert-tokens| /model/vocab| {\"a\":-1}",
                "bert-tokens| /model/vocab| {\"a\":4294967295}",
                "bert-tokens| /model/vocab| {\"a\":\"0\"}",
                "bert-tokens| /normalizer| {\"type\":\"Nonsense\"}",
                "bert-tokens| /pre_tokenizer| {\"type\":\"Split\",\"pattern\":{\"Regex\":\"(\"},\"behavior\":\"Isolated\",\"invert\":false}",
                "bert-tokens| /added_tokens| [{\"id\":1}]",
                "roberta-classification| /model/merges| [[\"no\",\"such\"]]",
                "roberta-classification| /post_processor/cls| [\"<s>\",4294967295]",
                "roberta-classification| /post_processor/cls| [\"<s>\",70000]",
                "xlm-roberta-tokens| /model/unk_id| 1000000",
                "xlm-roberta-tokens| /model/vocab| [[\"a\",\"b\"]]",
            })
    void refusesWhatIsDamagedInOnePlace(String name, String place, String value) throws Exception {
        Path model = Fixture.named(name).model();
        JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(model.resolve("tokenizer.json")));
        int slash = place.lastIndexOf('/');
        ((ObjectNode) json.at(place.substring(0, slash)))
                .set(place.substring(slash + 1), JsonMapper.shared().readTree(value));
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        assertThatThrownBy(() -> Tokenizer.open(folder, POSITIONS, OptionalInt.empty()))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(folder.resolve("tokenizer.json").toString());
    }

    @Test
    void doesWithoutPostProcessorAndUnknownToken() throws Exception {
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}}
                """);
        try (Tokenizer tokenizer = Tokenizer.open(folder, POSITIONS, OptionalInt.of(4))) {
            assertThat(tokenizer.encode("abz", null).ids()).containsExactly(0, 1);
            assertThat(tokenizer.encode("z", null).length()).isZero();
            assertThat(tokenizer.encode("ab", "babb").ids()).containsExactly(0, 1, 1, 0);
            assertThat(word(tokenizer, tokenizer.tokenize("abz"), 0, 2)).isEqualTo("a b");
        }
    }

    private Path withConfig(Path model, String config) throws Exception {
        for (String name : List.of("tokenizer.json", "config.json")) {
            Files.copy(model.resolve(name), folder.resolve(name));
        }
        Files.writeString(folder.resolve("tokenizer_config.json"), config);
        return folder;
    }

    private static String text(JsonNode one) {
        return one.path("text").stringValue();
    }

    private static int[] ints(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    private static long[] longs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
