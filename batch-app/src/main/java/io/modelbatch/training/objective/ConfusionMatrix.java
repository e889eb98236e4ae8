package io.modelbatch.training.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The answers of a classifier against the truth.
 *
 * @param labels the labels by number
 * @param counts for each true label, how often each label was answered
 */
record ConfusionMatrix(List<String> labels, List<List<Long>> counts) {
    /** Counts answered labels against true ones; both by number. */
    static ConfusionMatrix of(List<String> labels, List<Integer> truth, List<Integer> answered) {
        long[][] counts = new long[labels.size()][labels.size()];
        for (int i = 0; i < truth.size(); i++) {
            counts[truth.get(i)][answered.get(i)]++;
        }
        List<List<Long>> rows = new ArrayList<>();
        for (long[] row : counts) {
            rows.add(Arrays.stream(row).boxed().toList());
        }
        return new ConfusionMatrix(List.copyOf(labels), List.copyOf(rows));
    }

    /** Share of the rows whose label was answered. */
    double accuracy() {
        long right = 0;
        long all = 0;
        for (int label = 0; label < labels.size(); label++) {
            right += counts.get(label).get(label);
            all += counts.get(label).stream().mapToLong(Long::longValue).sum();
        }
        return (double) right / all;
    }

    /** Mean of the labels' F1, the harmonic mean of precision and recall; 0 for a label that was never answered nor true. */
    double f1Macro() {
        double sum = 0;
        for (int label = 0; label < labels.size(); label++) {
            int number = label;
            long right = counts.get(label).get(label);
            long isTrue = counts.get(label).stream().mapToLong(Long::longValue).sum();
            long answered = counts.stream().mapToLong(row -> row.get(number)).sum();
            sum += isTrue + answered == 0 ? 0 : 2.0 * right / (isTrue + answered);
        }
        return sum / labels.size();
    }
}
