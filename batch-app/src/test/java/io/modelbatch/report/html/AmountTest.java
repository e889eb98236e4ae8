package io.modelbatch.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AmountTest {
    @Test
    void numbersHaveTheDigitsThatCount() {
        assertThat(DoubleStream.of(0, -0.0, 1, 0.5, 1 / 3.0, 12345.6, 0.00005, 1e20, -2.5, 99.999)
                        .mapToObj(Amount::number))
                .containsExactly("0", "0", "1", "0.5", "0.3333", "12\u202f346", "5e-5", "1e20", "-2.5", "100");
        assertThat(Amount.number(Double.NaN)).isEqualTo("–");
    }

    @Test
    void durationsHaveTwoUnits() {
        assertThat(DoubleStream.of(0, 0.417, 59.9, 60, 133, 3599.9, 11_100, 187_200)
                        .mapToObj(Amount::duration))
                .containsExactly(
                        "0\u202fs",
                        "0.42\u202fs",
                        "60\u202fs",
                        "1\u202fmin",
                        "2\u202fmin 13\u202fs",
                        "1\u202fh",
                        "3\u202fh 5\u202fmin",
                        "2\u202fd 4\u202fh");
    }

    @Test
    void ticksAreRoundAndReachTheLargest() {
        assertThat(Scale.fromZero(437, 0, 100).ticks()).containsExactly(0.0, 100.0, 200.0, 300.0, 400.0, 500.0);
        assertThat(Scale.fromZero(0, 0, 100).high()).isPositive();
        assertThat(Scale.fromZero(Double.NaN, 0, 100).high()).isPositive();
        assertThat(new Scale(5, 5, 0, 100).ticks()).containsExactly(5.0);
        assertThat(new Scale(0, Double.NaN, 0, 100).ticks()).containsExactly(0.0);
    }
}
