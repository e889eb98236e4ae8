package io.modelbatch.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldoutTest {
    private static final int KEYS = 10_000;

    /** Four standard deviations of a binomial distribution. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 0.5, 0.9})
    void holdsAboutItsShare(double share) {
        double tolerance = 4 * Math.sqrt(KEYS * share * (1 - share));
        assertThat((double) held(share).size()).isBetween(KEYS * share - tolerance, KEYS * share + tolerance);
    }

    @Test
    void aSmallerShareIsPartOfALarger() {
        assertThat(held(0.2)).containsAll(held(0.1));
    }

    /** {@code int.from_bytes(hashlib.sha256(str(key).encode()).digest()[:8]) / 2**64 < 0.1} in Python. */
    @Test
    void theSameKeysAreHeldForEver() {
        assertThat(held(0.1).stream().filter(key -> key < 60).toList()).containsExactly(9, 39, 49, 51, 55);
    }

    @Test
    void theTextOfTheKeyDecidesAndNotItsType() {
        Holdout holdout = new Holdout(0.5);
        for (long key = 0; key < 100; key++) {
            assertThat(holdout.holds(key)).isEqualTo(holdout.holds(String.valueOf(key)));
        }
    }

    private static List<Integer> held(double share) {
        Holdout holdout = new Holdout(share);
        return IntStream.range(0, KEYS).boxed().filter(holdout::holds).toList();
    }
}
