package io.modelbatch.result;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Scores of labels, in the order in which they are listed. Two arrays: a hash map of a row's scores takes about five times as much memory, and a
 * block may have the scores of thousands of labels for thousands of rows.
 */
public final class Scores extends AbstractMap<String, Double> {
    private final String[] labels;
    private final double[] values;

    /**
     * Scores, in arrays that are not changed any more.
     *
     * @param labels different labels
     * @param values the score of each
     */
    public Scores(String[] labels, double[] values) {
        if (labels.length != values.length) {
            throw new IllegalArgumentException(labels.length + " labels, but " + values.length + " scores");
        }
        this.labels = labels;
        this.values = values;
    }

    @Override
    public int size() {
        return labels.length;
    }

    String label(int number) {
        return labels[number];
    }

    double value(int number) {
        return values[number];
    }

    @Override
    public Set<Map.Entry<String, Double>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return labels.length;
            }

            @Override
            public Iterator<Map.Entry<String, Double>> iterator() {
                return new Entries();
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<String, Double>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < labels.length;
        }

        @Override
        public Map.Entry<String, Double> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Map.Entry<String, Double> entry = Map.entry(labels[next], values[next]);
            next++;
            return entry;
        }
    }
}
