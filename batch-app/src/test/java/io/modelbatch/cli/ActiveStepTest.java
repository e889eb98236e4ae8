package io.modelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActiveStepTest {
    private static final Duration START = Duration.ofMinutes(3);
    private static final List<String> FIGURES = List.of("loss 1.720", "epoch 2", "accuracy 0.913");

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 40, 60, 80, 100, 200})
    void neverWiderThanTheTerminal(int columns) {
        assertThat(LineWrap.columns(training("学習する手順", 1_026).text(columns, START.plusSeconds(60))))
                .isLessThanOrEqualTo(columns);
    }

    @Test
    void eightyColumnsHoldBarStepsLossAndTime() {
        assertThat(training("train", 1_026).text(79, START.plusSeconds(60)))
                .isEqualTo("  train       ███████░░░░░░░  1,026/1,808 steps  loss 1.720  0:46 left  epoch 2");
    }

    @Test
    void aHundredColumnsHoldMore() {
        assertThat(training("train", 1_026).text(99, START.plusSeconds(60)))
                .isEqualTo("  train       ██████████░░░░░░░░  1,026/1,808 steps  loss 1.720  0:46 left"
                        + "  epoch 2  accuracy 0.913");
    }

    @Test
    void ratesCountWhatThisProcessDid() {
        ActiveStep resumed = new ActiveStep("infer", START, "", null, List.of())
                .counted("rows", 9_000, 10_000, List.of(), START)
                .counted("rows", 9_100, 10_000, List.of(), START.plusSeconds(10));

        assertThat(resumed.text(99, START.plusSeconds(10))).endsWith(" 9,100/10,000 rows  1:30 left  10 rows/s");
    }

    @Test
    void beforeAnythingIsCountedTheTimeMoves() {
        ActiveStep extract = new ActiveStep("extract", START, "", null, List.of());

        assertThat(extract.text(79, START.plusSeconds(3_723))).isEqualTo("  extract     1:02:03");
    }

    private static ActiveStep training(String name, long done) {
        return new ActiveStep(name, START, "", null, List.of())
                .counted("steps", 0, 1_808, FIGURES, START)
                .counted("steps", done, 1_808, FIGURES, START.plusSeconds(60));
    }
}
