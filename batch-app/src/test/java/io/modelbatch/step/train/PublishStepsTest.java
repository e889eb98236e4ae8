package io.modelbatch.step.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.step.StepFailedException;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.training.objective.Metric;
import io.modelbatch.training.objective.MetricValues;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishStepsTest {
    private static final ObjectUri VERSION = ObjectUri.parse("gs://models/categories/1");

    @Test
    void readsTheMetricsOfAPublishedVersion() {
        assertThat(parsed("{\"accuracy\":0.9,\"f1-macro\":null,\"recall\":0.5}"))
                .isEqualTo(new MetricValues(Map.of(Metric.ACCURACY, 0.9)));
        assertThat(parsed("{}")).isEqualTo(new MetricValues(Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "0.9", "{\"accuracy\":\"good\"}", "{\"accuracy\":{}}", "{\"accuracy\":0.9"})
    void refusesDamagedMetricsAndNamesTheVersion(String json) {
        assertThatThrownBy(() -> parsed(json))
                .isInstanceOf(StepFailedException.class)
                .hasMessageContainingAll("The metrics of gs://models/categories/1 are damaged", "folder 'metrics'");
    }

    private static MetricValues parsed(String json) {
        return PublishSteps.parsed(json.getBytes(StandardCharsets.UTF_8), VERSION);
    }
}
