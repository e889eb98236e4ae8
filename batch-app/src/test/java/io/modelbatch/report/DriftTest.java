package io.modelbatch.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelbatch.facts.Distributions;
import io.modelbatch.facts.Histogram;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {
    /** The expected distance is that of {@code scipy.spatial.distance.jensenshannon(now, before, base=2)} 1.17.1, the index that of numpy. */
    @ParameterizedTest
    @CsvSource({
        "10 20 30, 10 20 30, 0, 0",
        "1 0, 0 1, 1, 18.41883867587797",
        "50 30 20, 40 35 25, 0.08609435336652028, 0.041179066688494366",
        "90 10 0 0, 10 60 30 0, 0.7472728622809374, 5.054769030021312",
        "5 0 0 5, 1 2 3 4, 0.5991736364179366, 4.586619555305832",
    })
    void hasTheValuesOfScipy(String now, String before, double jensenShannon, double populationStability) {
        Divergence divergence = Divergence.of(counts(now), counts(before));

        assertThat(divergence.jensenShannon()).isCloseTo(jensenShannon, within(1e-12));
        assertThat(divergence.populationStability()).isCloseTo(populationStability, within(1e-12));
    }

    @Test
    void comparesWhatBothRunsHave() {
        Histogram lengths = new Histogram(List.of(0.0, 2.0, 4.0), List.of(1L, 3L));
        Histogram shorter = new Histogram(List.of(0.0, 2.0), List.of(4L));
        Distributions now = new Distributions(Map.of("tea", 1L, "milk", 3L), null, lengths, lengths);
        Distributions before = new Distributions(Map.of("tea", 4L), null, null, shorter);

        List<Drift> drift = Drift.between(now, before);

        double same = Divergence.of(counts("1 3"), counts("4 0")).jensenShannon();
        assertThat(drift).extracting(Drift::of).containsExactly("labels", "lengths");
        assertThat(drift).allSatisfy(each -> assertThat(each.jensenShannon()).isCloseTo(same, within(1e-12)));
        assertThat(drift.get(0).previousLabels()).isEqualTo(Map.of("tea", 4L));
        assertThat(drift.get(1).previousHistogram()).isEqualTo(shorter);
        assertThat(Drift.between(now, now)).allSatisfy(each -> {
            assertThat(each.jensenShannon()).isZero();
            assertThat(each.populationStability()).isZero();
        });
    }

    /** The rare labels of two runs may be others: those that only one of them names are compared with the others. */
    @Test
    void aLabelThatIsAmongTheOthersIsNotCalledMissing() {
        Distributions now = labels(Map.of("a", 90L, "b", 10L), null);
        Distributions before = labels(Map.of("a", 90L), 10L);

        assertThat(Drift.between(now, before))
                .first()
                .satisfies(drift -> assertThat(drift.jensenShannon()).isZero());
    }

    @Test
    void otherIntervalsAndEmptyDistributionsAreNotCompared() {
        Distributions none = new Distributions(Map.of(), null, null, new Histogram(List.of(0.0), List.of()));
        Distributions some = new Distributions(Map.of(), null, null, new Histogram(List.of(0.0, 5.0), List.of(3L)));
        Distributions others = new Distributions(Map.of(), null, null, new Histogram(List.of(0.0, 9.0), List.of(3L)));

        assertThat(Drift.between(none, some)).isEmpty();
        assertThat(Drift.between(some, others)).isEmpty();
    }

    private static Distributions labels(Map<String, Long> labels, @Nullable Long others) {
        return new Distributions(labels, others, null, new Histogram(List.of(0.0), List.of()));
    }

    private static long[] counts(String counts) {
        return Stream.of(counts.split(" ")).mapToLong(Long::parseLong).toArray();
    }
}
