package io.modelbatch.facts;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

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
 */
public record Evaluated(
        int rows,
        double accuracy,
        double majorityClass,
        double bagOfWords,
        @JsonProperty("f1-macro") double f1Macro,
        List<String> labels,
        List<List<Long>> confusion)
        implements Facts {}
