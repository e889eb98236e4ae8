package io.modelbatch.training.objective;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The metrics of trained models. The annotations of a constant are its meaning and its range, for {@code require} of {@code publish} and the
 * JSON Schema. {@link Objective#metrics} says which of them a task has.
 */
public enum Metric {
    @JsonPropertyDescription("share of the rows that are labelled correctly")
    @DecimalMin("0")
    @DecimalMax("1")
    ACCURACY(Direction.HIGHER_IS_BETTER),

    @JsonPropertyDescription("mean of the labels' F1")
    @DecimalMin("0")
    @DecimalMax("1")
    F1_MACRO(Direction.HIGHER_IS_BETTER);

    private final Direction direction;

    Metric(Direction direction) {
        this.direction = direction;
    }

    /** Which of two values is better. */
    public enum Direction {
        HIGHER_IS_BETTER,
        LOWER_IS_BETTER;

        /** True if one value is better than another. */
        public boolean isBetter(double one, double other) {
            return this == HIGHER_IS_BETTER ? one > other : one < other;
        }

        /** The side of a limit on which values are too bad. */
        public String beyond() {
            return this == HIGHER_IS_BETTER ? "below" : "above";
        }
    }

    /** Its name in job files, metrics files and reports. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The metric with a name; empty for a name of another version. */
    public static Optional<Metric> find(String key) {
        return Arrays.stream(values())
                .filter(metric -> metric.key().equals(key))
                .findFirst();
    }

    /** Which of two values is better. */
    public Direction direction() {
        return direction;
    }
}
