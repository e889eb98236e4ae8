package io.modelbatch.training;

import java.util.ArrayList;
import java.util.List;

/**
 * Metrics of a classifier: how well it found the labels.
 *
 * @param labels the labels by number
 * @param confusion for each true label, how often each label was found
 */
public record Evaluation(List<String> labels, List<List<Long>> confusion) {
    /** Counts labels that were found against those that are true; both by number. */
    public static Evaluation of(List<String> labels, List<Integer> truth, List<Integer> found) {
        long[][] counts = new long[labels.size()][labels.size()];
        for (int i = 0; i < truth.size(); i++) {
            counts[truth.get(i)][found.get(i)]++;
        }
        List<List<Long>> confusion = new ArrayList<>();
        for (long[] row : counts) {
            confusion.add(java.util.Arrays.stream(row).boxed().toList());
        }
        return new Evaluation(List.copyOf(labels), List.copyOf(confusion));
    }

    /** Share of the rows whose label was found. */
    public double accuracy() {
        long right = 0;
        long all = 0;
        for (int label = 0; label < labels.size(); label++) {
            right += confusion.get(label).get(label);
            all += confusion.get(label).stream().mapToLong(Long::longValue).sum();
        }
        return (double) right / all;
    }

    /** Mean of the labels' F1, the harmonic mean of precision and recall; 0 for a label that was never found nor true. */
    public double f1Macro() {
        double sum = 0;
        for (int label = 0; label < labels.size(); label++) {
            int number = label;
            long right = confusion.get(label).get(label);
            long isTrue =
                    confusion.get(label).stream().mapToLong(Long::longValue).sum();
            long wasFound = confusion.stream().mapToLong(row -> row.get(number)).sum();
            sum += isTrue + wasFound == 0 ? 0 : 2.0 * right / (isTrue + wasFound);
        }
        return sum / labels.size();
    }
}
