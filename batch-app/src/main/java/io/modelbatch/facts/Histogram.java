package io.modelbatch.facts;

import java.util.List;

/**
 * Counts of values by interval.
 *
 * @param edges the limits of the intervals, ascending: interval i has the values from edge i up to, but not including, edge i + 1. The
 *     first and the last interval also have all values outside
 * @param counts values in each interval; one fewer than the edges
 */
public record Histogram(List<Double> edges, List<Long> counts) {
    /** Keeps its own copies. */
    public Histogram {
        edges = List.copyOf(edges);
        counts = List.copyOf(counts);
        if (edges.size() != counts.size() + 1) {
            throw new IllegalArgumentException(edges.size() + " edges for " + counts.size() + " intervals");
        }
    }
}
