package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.token.TokenIds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TextClassificationTest {
    @Test
    void labelsExcludeEachOtherUnlessTheConfigSaysOtherwise() {
        Decoder decoder = decoder(null, OptionalInt.empty(), "a", "b");
        assertThat(decoder.columns().stream().map(RecordSchema.Field::name)).containsExactly("label", "score");
        List<Object> answer = answer(decoder, window(new float[] {1, 2}));
        assertThat(answer.get(0)).isEqualTo("b");
        assertThat((double) answer.get(1)).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-12));
    }

    @Test
    void theFirstOfEqualLabelsWins() {
        assertThat(answer(decoder(null, OptionalInt.empty(), "a", "b", "c"), window(new float[] {0, 5, 5}))
                        .get(0))
                .isEqualTo("b");
    }

    @Test
    void largeNumbersDoNotOverflow() {
        assertThat(answer(decoder(null, OptionalInt.empty(), "a", "b"), window(new float[] {3e38f, -3e38f})))
                .containsExactly("a", 1.0);
    }

    @Test
    void aSingleLabelIsYesOrNo() {
        assertThat(answer(decoder(null, OptionalInt.empty(), "relevant"), window(new float[] {0})))
                .containsExactly("relevant", 0.5);
    }

    @Test
    void scoresAreSortedAndCut() {
        Decoder decoder = decoder(ProblemType.MULTI_LABEL_CLASSIFICATION, OptionalInt.of(2), "a", "b", "c");
        Map<?, ?> scores =
                (Map<?, ?>) answer(decoder, window(new float[] {-1, 0, 3})).get(0);
        assertThat(List.copyOf(scores.keySet())).isEqualTo(List.of("c", "b"));
        assertThat(scores.get("b")).isEqualTo(0.5);
    }

    @Test
    void aRegressionOfSeveralNumbersNamesThem() {
        assertThat(answer(decoder(ProblemType.REGRESSION, OptionalInt.empty(), "x", "y"), window(new float[] {-1, 4})))
                .containsExactly(Map.of("y", 4.0, "x", -1.0));
        assertThat(answer(decoder(ProblemType.REGRESSION, OptionalInt.empty(), "x"), window(new float[] {-1})))
                .containsExactly(-1.0);
    }

    @Test
    void refusesScoresOfLabelsThatCannotBeToldApart() {
        assertThatThrownBy(() -> decoder(ProblemType.MULTI_LABEL_CLASSIFICATION, OptionalInt.empty(), "a", "a"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("same name");
        assertThat(answer(decoder(null, OptionalInt.empty(), "a", "a"), window(new float[] {1, 0}))
                        .get(0))
                .isEqualTo("a");
    }

    @Test
    void windowsOfALongTextWeighByTheirTokens() {
        List<Window> windows = List.of(
                new Window(new TokenIds(new int[3], new int[3]), null, new float[] {1, 0}),
                new Window(new TokenIds(new int[1], new int[1]), null, new float[] {5, 4}));
        assertThat(answer(decoder(ProblemType.REGRESSION, OptionalInt.empty(), "x", "y"), windows))
                .containsExactly(Map.of("x", 2.0, "y", 1.0));
    }

    /** The values of a row in the order of the decoder's columns. */
    private static List<Object> answer(Decoder decoder, List<Window> windows) {
        Decoder.Output output = decoder.begin(1);
        output.rows().decode(0, windows);
        return decoder.columns().stream()
                .map(field -> output.columns().get(field.name()).value(0))
                .toList();
    }

    private static List<Window> window(float[] numbers) {
        return List.of(new Window(new TokenIds(new int[1], new int[1]), null, numbers));
    }

    private static Decoder decoder(@Nullable ProblemType type, OptionalInt topK, String... labels) {
        return TextClassification.decoder(
                new Head.TextClassification(Optional.ofNullable(type), List.of(labels)), topK);
    }
}
