package io.modelbatch.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trained model on the held-out rows.
 *
 * @param rows their number
 * @param accuracy share of the rows that it labels correctly
 * @param majorityClass accuracy of always answering the most frequent label
 * @param bagOfWords accuracy of a naive Bayes classifier of words
 * @param f1Macro mean of the labels' F1
 * @param labels each label
 * @param confusion for each true label, how often each label was answered; both in the order of {@code labels}
 * @param calibration the rows by the score of their answer, in ten intervals from 0 to 1; those without rows are left out
 * @param expectedCalibrationError the mean difference between score and accuracy over the rows of {@code calibration}; null where an
 *     earlier version measured it
 * @param mistakes the wrong answers with the highest scores, at most 20
 */
public record Evaluated(
        int rows,
        double accuracy,
        double majorityClass,
        double bagOfWords,
        @JsonProperty("f1-macro") double f1Macro,
        List<String> labels,
        List<List<Long>> confusion,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<CalibrationBin> calibration,
        @Nullable Double expectedCalibrationError,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<Mistake> mistakes)
        implements Facts {
    /**
     * The rows whose answers have a score in an interval.
     *
     * @param from the lower limit of the interval
     * @param to its upper limit
     * @param rows their number
     * @param confidence their mean score
     * @param accuracy share of them that is labelled correctly
     */
    public record CalibrationBin(double from, double to, long rows, double confidence, double accuracy) {}

    /**
     * A row with a wrong answer.
     *
     * @param key its key
     * @param text its text, truncated where it is long; null where the job file says {@code report: { samples: false }}
     * @param label its true label
     * @param answer the label that the model answers
     * @param score the score of the answer
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Mistake(String key, @Nullable String text, String label, String answer, double score) {}

    /** Keeps its own copies. */
    public Evaluated {
        labels = List.copyOf(labels);
        confusion = List.copyOf(confusion);
        calibration = List.copyOf(calibration);
        mistakes = List.copyOf(mistakes);
    }

    @Override
    public Map<String, Object> results() {
        return Map.of("rows", rows, "accuracy", accuracy, "f1-macro", f1Macro);
    }

    /** The same without texts of rows. */
    public Evaluated withoutTexts() {
        return new Evaluated(
                rows,
                accuracy,
                majorityClass,
                bagOfWords,
                f1Macro,
                labels,
                confusion,
                calibration,
                expectedCalibrationError,
                mistakes.stream()
                        .map(mistake ->
                                new Mistake(mistake.key(), null, mistake.label(), mistake.answer(), mistake.score()))
                        .toList());
    }
}
