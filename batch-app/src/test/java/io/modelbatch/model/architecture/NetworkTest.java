package io.modelbatch.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.base.DisplayPath;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
    private static final int HIDDEN = 8;
    private static final int INTERMEDIATE = 32;
    private static final int OF_A_BLOCK = 4 * HIDDEN * HIDDEN + 2 * HIDDEN * INTERMEDIATE;
    private static final List<String> LABELS = List.of("yes", "no");

    private static final Head TEXTS = new Head.TextClassification(Optional.empty(), LABELS);
    private static final Head TOKENS = new Head.TokenClassification(LABELS);

    @ParameterizedTest
    @CsvSource({"bert", "roberta", "distilbert", "mpnet"})
    void ofTheLastBlockOnlyKeysAndValuesAreComputedForEveryTokenWhereTheFirstIsRead(String type) {
        assertThat(multiplications(type, TEXTS)).isEqualTo(2 * OF_A_BLOCK + 2 * HIDDEN * HIDDEN);
        assertThat(multiplications(type, embedding(Head.Pooling.CLS))).isEqualTo(2 * OF_A_BLOCK + 2 * HIDDEN * HIDDEN);
    }

    @ParameterizedTest
    @CsvSource({"bert", "roberta", "distilbert", "mpnet"})
    void allOfItIsComputedWhereEveryTokenIsRead(String type) {
        assertThat(multiplications(type, embedding(Head.Pooling.MEAN))).isEqualTo(3 * OF_A_BLOCK);
        assertThat(multiplications(type, TOKENS)).isEqualTo(3 * OF_A_BLOCK + 2 * HIDDEN);
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "true, true"})
    void ofDisentangledAttentionTheWordsAreComputedForEveryTokenAndTheDistancesAreNot(
            boolean relative, boolean shared) {
        assertThat(multiplications("deberta-v2", TEXTS, """
                , "relative_attention": %s, "pos_att_type": "c2p|p2c", "share_att_key": %s""".formatted(relative, shared)))
                .isEqualTo(2 * OF_A_BLOCK + 3 * HIDDEN * HIDDEN);
    }

    private static Head embedding(Head.Pooling pooling) {
        return new Head.Embedding(pooling, Head.Scale.AS_IT_IS);
    }

    private static long multiplications(String type, Head head) {
        return multiplications(type, head, "");
    }

    private static long multiplications(String type, Head head, String more) {
        String json = """
                {"model_type": "%s", "vocab_size": 40, "hidden_size": 8, "num_hidden_layers": 3, "num_attention_heads": 2,
                 "intermediate_size": 32, "hidden_dim": 32, "max_position_embeddings": 20%s}""".formatted(type, more);
        return Network.of(
                        ModelConfig.parse(
                                json.getBytes(StandardCharsets.UTF_8), DisplayPath.of(Path.of("config.json"))),
                        head)
                .multiplicationsPerToken();
    }
}
