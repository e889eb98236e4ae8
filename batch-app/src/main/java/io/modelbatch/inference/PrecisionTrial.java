package io.modelbatch.inference;

import io.modelbatch.model.script.Precision;
import io.modelbatch.result.Entity;
import io.modelbatch.result.Scores;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a smaller type is exact enough: a run's first rows go through the model in float32 and in a smaller type, which is kept where it is
 * faster, gives every label as float32 does, and no score or embedding that differs by more than {@link #MOST_DIFFERENCE}.
 *
 * @param tried the smaller type
 * @param rows rows that went through both
 * @param speedup its speed as a multiple of float32's; where that took less than a second, the best of several times
 * @param sameLabels share of the rows with the same labels, from 0 to 1
 * @param difference the largest difference of scores; of embeddings, how far one is from the other as a share of its length
 */
public record PrecisionTrial(Precision tried, int rows, double speedup, double sameLabels, double difference) {
    /**
     * The largest difference that is accepted: of 1, of the score itself where that is larger, of an embedding's length. The model of the
     * sample is 0.015 off in bfloat16 and 0.024 in int8, with the same labels; 0.05 of an embedding is a cosine of 0.999.
     */
    public static final double MOST_DIFFERENCE = 0.05;

    /** Seconds after which a small model is warm, and its time means something. */
    private static final double LONG_ENOUGH = 1;

    private static final int MOST_ROUNDS = 5;

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

    /** Answers, and how long they took. */
    record Timed(Answers answers, double seconds) {}

    private static Optional<Timed> timed(
            TextModel model,
            List<@Nullable String> texts,
            Optional<List<@Nullable String>> pairs,
            BooleanSupplier stop) {
        double total = 0;
        double best = Double.POSITIVE_INFINITY;
        for (int round = 1; ; round++) {
            long start = System.nanoTime();
            Optional<Answers> answers = model.submit(texts, pairs).await(stop);
            double seconds = (System.nanoTime() - start) / 1e9;
            best = Math.min(best, seconds);
            total += seconds;
            if (answers.isEmpty() || total >= LONG_ENOUGH || round == MOST_ROUNDS) {
                double shortest = best;
                return answers.map(all -> new Timed(all, shortest));
            }
        }
    }

    static PrecisionTrial compare(Timed exact, Timed smaller, Precision tried) {
        int rows = exact.answers().rows();
        int same = 0;
        double difference = 0;
        for (int row = 0; row < rows; row++) {
            boolean sameLabels = isAnswered(row, exact) == isAnswered(row, smaller);
            if (sameLabels && isAnswered(row, exact)) {
                for (String column : exact.answers().columns().keySet()) {
                    Object one = Objects.requireNonNull(
                            exact.answers().column(column).value(row));
                    Object other = Objects.requireNonNull(
                            smaller.answers().column(column).value(row));
                    sameLabels &= sameLabels(one, other);
                    difference = Math.max(difference, difference(one, other));
                }
            }
            same += sameLabels ? 1 : 0;
        }
        return new PrecisionTrial(
                tried, rows, exact.seconds() / smaller.seconds(), rows == 0 ? 1 : (double) same / rows, difference);
    }

    private static boolean isAnswered(int row, Timed timed) {
        return !timed.answers().rejected().containsKey(row);
    }

    private static boolean sameLabels(Object one, Object other) {
        if (one instanceof Scores scores) {
            return first(scores).equals(first((Scores) other));
        } else if (one instanceof List<?> entities) {
            return places(entities).equals(places((List<?>) other));
        }
        return !(one instanceof String) || one.equals(other);
    }

    private static Optional<String> first(Scores scores) {
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
        } else if (one instanceof Scores scores && other instanceof Scores others) {
            Map<String, Double> seconds = new HashMap<>(others);
            return scores.entrySet().stream()
                    .filter(score -> seconds.containsKey(score.getKey()))
                    .mapToDouble(score -> difference(score.getValue(), seconds.get(score.getKey())))
                    .max()
                    .orElse(0);
        } else if (one instanceof float[] point && other instanceof float[] second) {
            return distance(point, second) / distance(point, new float[point.length]);
        } else if (one instanceof List<?> entities && other instanceof List<?> seconds) {
            double most = 0;
            for (int i = 0; i < Math.min(entities.size(), seconds.size()); i++) {
                most = Math.max(most, Math.abs(score(entities.get(i)) - score(seconds.get(i))));
            }
            return most;
        }
        return 0;
    }

    /** Between two points. */
    static double distance(float[] one, float[] other) {
        double squares = 0;
        for (int i = 0; i < one.length; i++) {
            squares += Math.pow((double) one[i] - other[i], 2);
        }
        return Math.sqrt(squares);
    }

    private static double score(@Nullable Object entity) {
        return ((Entity) Objects.requireNonNull(entity)).score();
    }
}
