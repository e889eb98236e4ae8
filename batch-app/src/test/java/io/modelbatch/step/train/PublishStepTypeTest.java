package io.modelbatch.step.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.training.objective.Metric;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PublishStepTypeTest {
    @Test
    void metricsThatAreComputedCanBeRequired() {
        assertThat(PublishStepType.notGiven(Set.of(Metric.ACCURACY, Metric.F1_MACRO), List.of(Metric.values())))
                .isEmpty();
        assertThat(PublishStepType.notGiven(Set.of(), List.of())).isEmpty();
    }

    @Test
    void aMetricOfAnotherTaskIsNamedWithThoseOfThisOne() {
        assertThat(PublishStepType.notGiven(Set.of(Metric.F1_MACRO, Metric.ACCURACY), List.of(Metric.ACCURACY)))
                .contains(
                        "has f1-macro, which 'evaluate' does not compute for the task of 'train'; it computes: accuracy");
    }
}
