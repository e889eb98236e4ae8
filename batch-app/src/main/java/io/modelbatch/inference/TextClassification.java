package io.modelbatch.inference;

import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.result.RecordSchema;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Answers of sequence classifiers, as transformers' {@code TextClassificationPipeline} makes them. */
final class TextClassification {
    private TextClassification() {}

    /**
     * The decoder for a head: {@code label} and {@code score}; {@code scores} when labels do not exclude each other or the
     * best few are asked for; {@code score} for a regression of one number.
     *
     * @param topK how many of the best labels; empty for the one best, or for all where each is a question of its own
     */
    static Decoder decoder(Head.TextClassification head, OptionalInt topK) {
        List<String> labels = head.labels();
        ProblemType problem = head.problemType().orElse(ProblemType.SINGLE_LABEL_CLASSIFICATION);
        boolean sigmoid = problem == ProblemType.MULTI_LABEL_CLASSIFICATION || labels.size() == 1;
        if (problem == ProblemType.REGRESSION) {
            return labels.size() == 1 ? new Regression() : scores(labels, numbers -> numbers, topK);
        }
        UnaryOperator<double[]> probabilities = sigmoid ? TextClassification::sigmoid : TextClassification::softmax;
        return topK.isPresent() || problem == ProblemType.MULTI_LABEL_CLASSIFICATION
                ? scores(labels, probabilities, topK)
                : new Best(labels, probabilities);
    }

    private static Decoder scores(List<String> labels, UnaryOperator<double[]> function, OptionalInt topK) {
        if (new HashSet<>(labels).size() < labels.size()) {
            throw new ModelException("Two labels of the model have the same name, so their scores would be ambiguous: "
                    + labels + "; rename them in id2label of its config.json");
        }
        return new Scores(labels, function, topK);
    }

    private static double[] sigmoid(double[] numbers) {
        return IntStream.range(0, numbers.length)
                .mapToDouble(i -> 1 / (1 + Math.exp(-numbers[i])))
                .toArray();
    }

    private static double[] softmax(double[] numbers) {
        double largest = max(numbers);
        double[] powers = IntStream.range(0, numbers.length)
                .mapToDouble(i -> Math.exp(numbers[i] - largest))
                .toArray();
        double sum =
                IntStream.range(0, powers.length).mapToDouble(i -> powers[i]).sum();
        return IntStream.range(0, powers.length)
                .mapToDouble(i -> powers[i] / sum)
                .toArray();
    }

    private static double max(double[] numbers) {
        return Arrays.stream(numbers).max().orElseThrow();
    }

    private static double[] doubles(float[] numbers) {
        return IntStream.range(0, numbers.length).mapToDouble(i -> numbers[i]).toArray();
    }

    private record Regression() implements Decoder {
        @Override
        public List<RecordSchema.Field> columns() {
            return List.of(AnswerColumns.SCORE);
        }

        @Override
        public List<Object> decode(List<Window> windows) {
            return List.of((double) Decoder.mean(windows)[0]);
        }
    }

    private record Best(List<String> labels, UnaryOperator<double[]> function) implements Decoder {
        @Override
        public List<RecordSchema.Field> columns() {
            return List.of(AnswerColumns.LABEL, AnswerColumns.SCORE);
        }

        @Override
        public List<Object> decode(List<Window> windows) {
            double[] scores = function.apply(doubles(Decoder.mean(windows)));
            int best = IntStream.range(0, scores.length)
                    .reduce(0, (first, second) -> scores[second] > scores[first] ? second : first);
            return List.of(labels.get(best), scores[best]);
        }
    }

    private record Scores(List<String> labels, UnaryOperator<double[]> function, OptionalInt topK) implements Decoder {
        @Override
        public List<RecordSchema.Field> columns() {
            return List.of(AnswerColumns.SCORES);
        }

        @Override
        public List<Object> decode(List<Window> windows) {
            double[] scores = function.apply(doubles(Decoder.mean(windows)));
            Map<String, Double> byLabel = new LinkedHashMap<>();
            IntStream.range(0, scores.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
                    .limit(topK.orElse(scores.length))
                    .forEach(i -> byLabel.put(labels.get(i), scores[i]));
            return List.of(byLabel);
        }
    }
}
