package io.modelbatch.training.objective;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a model.
 *
 * @param values the value of each metric that was measured
 */
public record MetricValues(Map<Metric, Double> values) {
    /** Keeps its own copy. */
    public MetricValues {
        Map<Metric, Double> copy = new EnumMap<>(Metric.class);
        copy.putAll(values);
        values = Collections.unmodifiableMap(copy);
    }

    /** The values of a metrics file. Metrics of another version, and those without a value, are left out. */
    public static MetricValues ofNames(Map<String, @Nullable Double> byName) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        byName.forEach((name, value) -> {
            if (value != null) {
                Metric.find(name).ifPresent(metric -> values.put(metric, value));
            }
        });
        return new MetricValues(values);
    }

    /** The values by the names of the metrics, in the order of the names. */
    public SortedMap<String, Double> byName() {
        SortedMap<String, Double> byName = new TreeMap<>();
        values.forEach((metric, value) -> byName.put(metric.key(), value));
        return byName;
    }

    /** The first metric in which another model is better; empty when there is none. What one of them lacks is not compared. */
    public Optional<Metric> worseThan(MetricValues other) {
        return values.keySet().stream()
                .filter(other.values::containsKey)
                .filter(metric -> metric.direction().isBetter(other.of(metric), of(metric)))
                .findFirst();
    }

    /** True if a metric is as good as a limit, or better. */
    public boolean meets(Metric metric, double limit) {
        return !metric.direction().isBetter(limit, of(metric));
    }

    /** The value of a metric that was measured. */
    public double of(Metric metric) {
        Double value = values.get(metric);
        if (value == null) {
            throw new IllegalArgumentException(metric + " was not measured");
        }
        return value;
    }
}
