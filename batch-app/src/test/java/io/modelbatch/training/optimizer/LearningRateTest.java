package io.modelbatch.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ten steps, a height of 1; so a warm-up of {@code ceil(10 × ratio)} steps. The formulas are those of transformers'
 * {@code optimization.py}.
 */
class LearningRateTest {
    /** Below the warm-up {@code step / max(1, warmup)}, then {@code max(0, (10 - step) / max(1, 10 - warmup))}. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 1", // (10 - 0) / 10
        "0, 1, 0.9", // (10 - 1) / 10
        "0, 9, 0.1",
        "0, 10, 0",
        "0.2, 0, 0", // 0 / 2
        "0.2, 1, 0.5", // 1 / 2
        "0.2, 2, 1", // (10 - 2) / 8
        "0.2, 3, 0.875", // (10 - 3) / 8
        "0.2, 9, 0.125",
        "0.25, 1, 0.3333333333333333", // 1 / ceil(2.5)
        "0.25, 6, 0.5714285714285714", // (10 - 6) / 7
        "1, 5, 0.5", // 5 / 10
        "1, 9, 0.9",
        "1, 10, 0" // (10 - 10) / max(1, 0)
    })
    void risesAndFalls(double warmup, long step, double rate) {
        assertThat(at("linear", warmup, step)).isCloseTo(rate, within(1e-15));
    }

    /** Always 1, whatever the warm-up. */
    @ParameterizedTest
    @CsvSource({"0, 0", "0, 9", "0.5, 0", "0.5, 3", "1, 9"})
    void stays(double warmup, long step) {
        assertThat(at("constant", warmup, step)).isEqualTo(1);
    }

    /** Below the warm-up {@code step / max(1, warmup)}, then 1. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 1", // not below 0 steps
        "0, 9, 1",
        "0.05, 0, 0", // 0 / ceil(0.5)
        "0.05, 1, 1",
        "0.4, 0, 0", // 0 / 4
        "0.4, 3, 0.75", // 3 / 4
        "0.4, 4, 1",
        "0.4, 10, 1"
    })
    void risesAndStays(double warmup, long step, double rate) {
        assertThat(at("constant_with_warmup", warmup, step)).isCloseTo(rate, within(1e-15));
    }

    private static double at(String schedule, double warmup, long step) {
        ScheduleOptions options = new ScheduleOptions(
                0.5, warmup, ScheduleOptions.SchedulerType.valueOf(schedule.toUpperCase(Locale.ROOT)));
        return new LearningRate(options, 10).at(step) / 0.5;
    }
}
