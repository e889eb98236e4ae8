package io.modelbatch.training.objective;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.modelbatch.training.objective.Metric.Direction;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricTest {
    /** The names of metrics files and job files; whoever changes one changes what these mean. */
    @Test
    void eachHasAName() {
        assertThat(Metric.values()).extracting(Metric::key).containsExactly("accuracy", "f1-macro");
    }

    @ParameterizedTest
    @EnumSource
    void eachHasAMeaningAndARange(Metric metric) throws Exception {
        Field constant = Metric.class.getField(metric.name());

        assertThat(constant.getAnnotation(JsonPropertyDescription.class).value())
                .isNotBlank();
        assertThat(constant.isAnnotationPresent(DecimalMin.class) || constant.isAnnotationPresent(DecimalMax.class))
                .isTrue();
        assertThat(Metric.find(metric.key())).contains(metric);
    }

    @Test
    void aNameOfAnotherVersionIsNotFound() {
        assertThat(Metric.find("ACCURACY")).isEmpty();
        assertThat(Metric.find("recall")).isEmpty();
    }

    @Test
    void theDirectionSaysWhichValueIsBetter() {
        assertThat(Direction.HIGHER_IS_BETTER.isBetter(0.9, 0.8)).isTrue();
        assertThat(Direction.HIGHER_IS_BETTER.isBetter(0.8, 0.9)).isFalse();
        assertThat(Direction.LOWER_IS_BETTER.isBetter(0.8, 0.9)).isTrue();
        assertThat(Direction.LOWER_IS_BETTER.isBetter(0.9, 0.8)).isFalse();
        for (Direction direction : Direction.values()) {
            assertThat(direction.isBetter(0.5, 0.5)).isFalse();
            assertThat(direction.isBetter(Double.NaN, 0.5)).isFalse();
        }
    }
}
