package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.model.tensor.ModelException;
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
        assertThat(decoder.columns().stream().map(Answers.Column::name)).containsExactly("label", "score");
        List<Object> answer = decoder.decode(new float[] {1, 2});
        assertThat(answer.get(0)).isEqualTo("b");
        assertThat((double) answer.get(1)).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-12));
    }

    @Test
    void theFirstOfEqualLabelsWins() {
        assertThat(decoder(null, OptionalInt.empty(), "a", "b", "c")
                        .decode(new float[] {0, 5, 5})
                        .get(0))
                .isEqualTo("b");
    }

    @Test
    void largeNumbersDoNotOverflow() {
        assertThat(decoder(null, OptionalInt.empty(), "a", "b").decode(new float[] {3e38f, -3e38f}))
                .containsExactly("a", 1.0);
    }

    @Test
    void aSingleLabelIsYesOrNo() {
        assertThat(decoder(null, OptionalInt.empty(), "relevant").decode(new float[] {0}))
                .containsExactly("relevant", 0.5);
    }

    @Test
    void scoresAreSortedAndCut() {
        Decoder decoder = decoder(ProblemType.MULTI_LABEL_CLASSIFICATION, OptionalInt.of(2), "a", "b", "c");
        Map<?, ?> scores = (Map<?, ?>) decoder.decode(new float[] {-1, 0, 3}).get(0);
        assertThat(List.copyOf(scores.keySet())).isEqualTo(List.of("c", "b"));
        assertThat(scores.get("b")).isEqualTo(0.5);
    }

    @Test
    void aRegressionOfSeveralNumbersNamesThem() {
        assertThat(decoder(ProblemType.REGRESSION, OptionalInt.empty(), "x", "y")
                        .decode(new float[] {-1, 4}))
                .containsExactly(Map.of("y", 4.0, "x", -1.0));
        assertThat(decoder(ProblemType.REGRESSION, OptionalInt.empty(), "x").decode(new float[] {-1}))
                .containsExactly(-1.0);
    }

    @Test
    void refusesScoresOfLabelsThatCannotBeToldApart() {
        assertThatThrownBy(() -> decoder(ProblemType.MULTI_LABEL_CLASSIFICATION, OptionalInt.empty(), "a", "a"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("same name");
        assertThat(decoder(null, OptionalInt.empty(), "a", "a")
                        .decode(new float[] {1, 0})
                        .get(0))
                .isEqualTo("a");
    }

    private static Decoder decoder(@Nullable ProblemType type, OptionalInt topK, String... labels) {
        return TextClassification.decoder(
                new Head.TextClassification(Optional.ofNullable(type), List.of(labels)), topK);
    }
}
