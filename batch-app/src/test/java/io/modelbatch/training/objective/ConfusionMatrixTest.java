package io.modelbatch.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    private static final List<String> LABELS = List.of("a", "b", "c");

    @Test
    void countsWhatWasFoundForEachTrueLabel() {
        ConfusionMatrix matrix = ConfusionMatrix.of(LABELS, List.of(0, 0, 0, 1, 1, 2), List.of(0, 0, 1, 1, 2, 2));
        assertThat(matrix.counts()).containsExactly(List.of(2L, 1L, 0L), List.of(0L, 1L, 1L), List.of(0L, 0L, 1L));
        assertThat(matrix.accuracy()).isEqualTo(4.0 / 6);
        // a: precision 2/2, recall 2/3, F1 4/5. b: 1/2, 1/2, 1/2. c: 1/2, 1/1, 2/3.
        assertThat(matrix.f1Macro()).isCloseTo((4.0 / 5 + 1.0 / 2 + 2.0 / 3) / 3, within(1e-15));
    }

    @Test
    void aLabelThatWasNeverFoundCountsNothing() {
        ConfusionMatrix matrix = ConfusionMatrix.of(LABELS, List.of(0, 0, 1, 2), List.of(0, 0, 0, 2));
        assertThat(matrix.accuracy()).isEqualTo(0.75);
        // a: precision 2/3, recall 1, F1 4/5. b: 0. c: 1.
        assertThat(matrix.f1Macro()).isCloseTo((4.0 / 5 + 0 + 1) / 3, within(1e-15));
    }

    @Test
    void aLabelThatDoesNotOccurCountsNothing() {
        ConfusionMatrix matrix = ConfusionMatrix.of(LABELS, List.of(0, 1), List.of(0, 1));
        assertThat(matrix.accuracy()).isEqualTo(1);
        assertThat(matrix.f1Macro()).isCloseTo(2.0 / 3, within(1e-15));
    }
}
