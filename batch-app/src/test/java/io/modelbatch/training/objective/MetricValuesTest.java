package io.modelbatch.training.objective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MetricValuesTest {
    @Test
    void aModelIsWorseInTheFirstMetricInWhichTheOtherIsBetter() {
        MetricValues published = values(0.9, 0.8);

        assertThat(values(0.9, 0.8).worseThan(published)).isEmpty();
        assertThat(values(0.91, 0.81).worseThan(published)).isEmpty();
        assertThat(values(0.91, 0.79).worseThan(published)).contains(Metric.F1_MACRO);
        assertThat(values(0.89, 0.79).worseThan(published)).contains(Metric.ACCURACY);
    }

    @Test
    void whatOneOfThemLacksIsNotCompared() {
        assertThat(values(0.1, 0.1).worseThan(new MetricValues(Map.of()))).isEmpty();
        assertThat(new MetricValues(Map.of()).worseThan(values(0.9, 0.9))).isEmpty();
        assertThat(new MetricValues(Map.of(Metric.F1_MACRO, 0.5))
                        .worseThan(new MetricValues(Map.of(Metric.ACCURACY, 0.9))))
                .isEmpty();
    }

    @Test
    void aLimitIsMetByItself() {
        assertThat(values(0.9, 0.8).meets(Metric.ACCURACY, 0.9)).isTrue();
        assertThat(values(0.9, 0.8).meets(Metric.ACCURACY, 0.91)).isFalse();
        assertThat(values(0.9, 0.8).meets(Metric.ACCURACY, 0.89)).isTrue();
    }

    @Test
    void aMetricsFileMayHaveOtherNamesAndLackValues() {
        Map<String, @Nullable Double> file = new HashMap<>(Map.of("f1-macro", 0.8, "recall", 0.7));
        file.put("accuracy", null);

        assertThat(MetricValues.ofNames(file)).isEqualTo(new MetricValues(Map.of(Metric.F1_MACRO, 0.8)));
    }

    private static MetricValues values(double accuracy, double f1) {
        return new MetricValues(Map.of(Metric.ACCURACY, accuracy, Metric.F1_MACRO, f1));
    }
}
