package io.modelbatch.inference;

import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.result.Column;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.Scores;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
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
        return new SortedScores(labels, function, topK);
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
        public Output begin(int rows) {
            Column.Doubles score = Column.doubles(rows);
            return new Output(
                    Map.of(AnswerColumns.SCORE.name(), score),
                    (row, windows) -> score.set(row, Decoder.mean(windows)[0]));
        }
    }

    private record Best(List<String> labels, UnaryOperator<double[]> function) implements Decoder {
        @Override
        public List<RecordSchema.Field> columns() {
            return List.of(AnswerColumns.LABEL, AnswerColumns.SCORE);
        }

        @Override
        public Output begin(int rows) {
            Column.Texts label = Column.texts(rows);
            Column.Doubles score = Column.doubles(rows);
            return new Output(
                    Map.of(AnswerColumns.LABEL.name(), label, AnswerColumns.SCORE.name(), score), (row, windows) -> {
                        double[] scores = function.apply(doubles(Decoder.mean(windows)));
                        int best = best(scores);
                        label.set(row, labels.get(best));
                        score.set(row, scores[best]);
                    });
        }

        private static int best(double[] scores) {
            return IntStream.range(0, scores.length)
                    .reduce(0, (first, second) -> scores[second] > scores[first] ? second : first);
        }
    }

    private record SortedScores(List<String> labels, UnaryOperator<double[]> function, OptionalInt topK)
            implements Decoder {
        @Override
        public List<RecordSchema.Field> columns() {
            return List.of(AnswerColumns.SCORES);
        }

        @Override
        public Output begin(int rows) {
            Column.ScoreMaps scores = Column.scores(rows);
            return new Output(
                    Map.of(AnswerColumns.SCORES.name(), scores),
                    (row, windows) -> scores.set(row, sorted(function.apply(doubles(Decoder.mean(windows))))));
        }

        private Scores sorted(double[] scores) {
            int[] best = IntStream.range(0, scores.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
                    .limit(topK.orElse(scores.length))
                    .mapToInt(Integer::intValue)
                    .toArray();
            return new Scores(
                    Arrays.stream(best).mapToObj(labels::get).toArray(String[]::new),
                    Arrays.stream(best).mapToDouble(i -> scores[i]).toArray());
        }
    }
}
