package io.modelbatch.training.objective;

import io.modelbatch.facts.Evaluated.CalibrationBin;
import io.modelbatch.facts.Evaluated.Mistake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The scores of answers beside their truth: how far a score is the share of right answers, and the mistakes that the model is surest of.
 *
 * @param answers the held-out rows with their answers
 */
record Calibration(List<Answer> answers) {
    private static final int BINS = 10;
    private static final int MISTAKES = 20;
    private static final int LONGEST_TEXT = 300;

    /**
     * A held-out row with its answer.
     *
     * @param score of the answer, from 0 to 1
     */
    record Answer(Row row, String text, String label, String answer, double score) {
        boolean isRight() {
            return label.equals(answer);
        }
    }

    /** The rows by score, in intervals of equal width; those without rows are left out. */
    List<CalibrationBin> bins() {
        List<CalibrationBin> bins = new ArrayList<>();
        for (int i = 0; i < BINS; i++) {
            int bin = i;
            List<Answer> its = answers.stream()
                    .filter(answer -> bin == Math.min(BINS - 1, (int) (answer.score() * BINS)))
                    .toList();
            if (!its.isEmpty()) {
                bins.add(new CalibrationBin(
                        (double) i / BINS,
                        (i + 1.0) / BINS,
                        its.size(),
                        its.stream().mapToDouble(Answer::score).average().orElseThrow(),
                        (double) its.stream().filter(Answer::isRight).count() / its.size()));
            }
        }
        return bins;
    }

    /**
     * The expected calibration error: the mean over all rows of the difference between score and accuracy of their interval (Guo and others,
     * "On Calibration of Modern Neural Networks", 2017); 0 for no rows.
     */
    double expectedError() {
        return bins().stream()
                        .mapToDouble(bin -> bin.rows() * Math.abs(bin.confidence() - bin.accuracy()))
                        .sum()
                / Math.max(1, answers.size());
    }

    /** The wrong answers with the highest scores, the surest first. */
    List<Mistake> mistakes() {
        return IntStream.range(0, answers.size())
                .mapToObj(answers::get)
                .filter(answer -> !answer.isRight())
                .sorted(Comparator.comparingDouble(Answer::score).reversed())
                .limit(MISTAKES)
                .map(answer -> new Mistake(
                        String.valueOf(answer.row().key()),
                        shortened(answer.text()),
                        answer.label(),
                        answer.answer(),
                        answer.score()))
                .toList();
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST_TEXT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_TEXT)) + "…";
    }
}
