package io.modelbatch.inference;

import io.modelbatch.artifact.Entity;
import io.modelbatch.model.architecture.Precision;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether smaller numbers do: a run's first rows go through the model in float32 and in a smaller type, which is kept where it is
 * faster, gives every label as float32 does, and no score or number of an embedding that differs by more than
 * {@link #MOST_DIFFERENCE}.
 *
 * @param tried the smaller type
 * @param rows rows that went through both
 * @param speedup how many times as fast it was
 * @param sameLabels share of the rows with the same labels, from 0 to 1
 * @param difference the largest difference of scores
 */
public record PrecisionTrial(Precision tried, int rows, double speedup, double sameLabels, double difference) {
    /** The largest difference of a score that is accepted, of 1 or of the score itself where that is larger. */
    public static final double MOST_DIFFERENCE = 0.01;

    /** The type to compute in. */
    public Precision chosen() {
        return speedup > 1 && sameLabels == 1 && difference <= MOST_DIFFERENCE ? tried : Precision.FLOAT32;
    }

    /**
     * Tries it.
     *
     * @param exact the model in float32
     * @param smaller the model in the type that is tried
     * @return empty when it was told to stop
     */
    public static Optional<PrecisionTrial> of(
            TextModel exact,
            TextModel smaller,
            Precision tried,
            List<@Nullable String> texts,
            Optional<List<@Nullable String>> pairs,
            BooleanSupplier stop) {
        Optional<Timed> reference = timed(exact, texts, pairs, stop);
        Optional<Timed> other = reference.isEmpty() ? reference : timed(smaller, texts, pairs, stop);
        return other.map(timed -> compare(reference.orElseThrow(), timed, tried));
    }

    private record Timed(Answers answers, double seconds) {}

    private static Optional<Timed> timed(
            TextModel model,
            List<@Nullable String> texts,
            Optional<List<@Nullable String>> pairs,
            BooleanSupplier stop) {
        long start = System.nanoTime();
        return model.submit(texts, pairs)
                .await(stop)
                .map(answers -> new Timed(answers, (System.nanoTime() - start) / 1e9));
    }

    private static PrecisionTrial compare(Timed exact, Timed smaller, Precision tried) {
        int rows = exact.answers().rows();
        int same = 0;
        double difference = 0;
        for (int row = 0; row < rows; row++) {
            boolean sameLabels = true;
            for (int column = 0; column < exact.answers().columns().size(); column++) {
                Object one = exact.answers().values().get(column).get(row);
                Object other = smaller.answers().values().get(column).get(row);
                sameLabels &= sameLabels(one, other);
                difference = Math.max(difference, difference(one, other));
            }
            same += sameLabels ? 1 : 0;
        }
        return new PrecisionTrial(
                tried, rows, exact.seconds() / smaller.seconds(), rows == 0 ? 1 : (double) same / rows, difference);
    }

    private static boolean sameLabels(@Nullable Object one, @Nullable Object other) {
        if (one == null || other == null) {
            return one == other;
        } else if (one instanceof Map<?, ?> scores) {
            return first(scores).equals(first((Map<?, ?>) other));
        } else if (one instanceof List<?> entities) {
            return places(entities).equals(places((List<?>) other));
        }
        return !(one instanceof String) || one.equals(other);
    }

    private static Optional<?> first(Map<?, ?> scores) {
        return scores.keySet().stream().findFirst();
    }

    private static List<String> places(List<?> entities) {
        return entities.stream()
                .map(Entity.class::cast)
                .map(entity -> entity.entity() + " " + entity.start() + " " + entity.end())
                .toList();
    }

    private static double difference(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Double number && other instanceof Double second) {
            return Math.abs(number - second) / Math.max(1, Math.abs(number));
        } else if (one instanceof Map<?, ?> scores && other instanceof Map<?, ?> seconds) {
            return scores.entrySet().stream()
                    .filter(score -> seconds.containsKey(score.getKey()))
                    .mapToDouble(score -> difference(score.getValue(), seconds.get(score.getKey())))
                    .max()
                    .orElse(0);
        } else if (one instanceof float[] point && other instanceof float[] second) {
            double most = 0;
            for (int i = 0; i < point.length; i++) {
                most = Math.max(most, Math.abs((double) point[i] - second[i]) / Math.max(1, Math.abs(point[i])));
            }
            return most;
        } else if (one instanceof List<?> entities && other instanceof List<?> seconds) {
            double most = 0;
            for (int i = 0; i < Math.min(entities.size(), seconds.size()); i++) {
                most = Math.max(most, Math.abs(score(entities.get(i)) - score(seconds.get(i))));
            }
            return most;
        }
        return 0;
    }

    private static double score(@Nullable Object entity) {
        return ((Entity) Objects.requireNonNull(entity)).score();
    }
}
