package io.modelbatch.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexCostTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "(a*)*b",
                "(a|a)*$",
                "(?:a|aa)+$",
                "((ab)+c?)+",
                "(a+){2,}",
                "(a+){9}",
                "(a)\\1+",
                "([a-z]+)*$"
            })
    void refusesWhatRepeatsWhatRepeats(String expression) {
        assertThat(RegexCost.of(expression).repeats()).isEqualTo(RegexCost.ENDLESS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " {2,}",
                "\\s{2,}|[\\n\\r\\t]",
                "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "[0-9]{1,3}",
                "(ab)+",
                "[(+*]"
            })
    void keepsWhatTokenizersUse(String expression) {
        assertThat(RegexCost.of(expression).mostCharacters()).isEqualTo(Integer.MAX_VALUE);
    }

    /** The library ended the process at these. */
    @Test
    void theProcessSurvives() throws Exception {
        assertThatThrownBy(() -> open("(a+)+$")).hasMessageContainingAll("tokenizer.json", "pre_tokenizer", "(a+)+");
        try (Tokenizer tokenizer = open("a*a*a*b")) {
            assertThat(tokenizer.encode("a a", null).length()).isPositive();
            assertThatThrownBy(() -> tokenizer.encode("a".repeat(3_000), null))
                    .isInstanceOf(TokenizerException.class)
                    .hasMessageContainingAll("3000 characters", "regular expression");
            assertThat(tokenizer.encode("a".repeat(170), null).length()).isPositive();
        }
    }

    @Test
    void textsDoNotGrowWithoutEnd() throws Exception {
        String twice = "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"aa\"}";
        Files.writeString(
                folder.resolve("tokenizer.json"),
                "{\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":["
                        + (twice + ",").repeat(29) + twice
                        + "]},\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1},\"merges\":[]}}");
        assertThatThrownBy(() -> Tokenizer.open(folder, 64, OptionalInt.empty()))
                .hasMessageContainingAll("tokenizer.json", "times as long");
    }

    private Tokenizer open(String expression) throws Exception {
        Files.writeString(
                folder.resolve("tokenizer.json"),
                "{\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"" + expression
                        + "\"},\"behavior\":\"Isolated\",\"invert\":false},"
                        + "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1},\"merges\":[]}}");
        return Tokenizer.open(folder, 512, OptionalInt.empty());
    }
}
