package io.modelbatch.inference;

import java.time.Duration;
import java.util.List;

/**
 * What a model says of a block of rows, by column, in the order of the rows.
 *
 * @param columns the columns, the same for every block of a model
 * @param values for each column, for each row: a value of {@link Column.Type}
 * @param work what it took
 */
public record Answers(List<Column> columns, List<List<Object>> values, Work work) {
    /** A column of answers. */
    public record Column(String name, Type type) {
        /** What the values are. */
        public enum Type {
            /** {@code String}. */
            STRING,
            /** {@code Double}. */
            FLOAT64,
            /** {@code Map<String, Double>}, in the order in which it is to be written. */
            SCORES
        }
    }

    /**
     * What a block took.
     *
     * @param tokens tokens that the model read
     * @param paddedTokens tokens that it computed, padding included
     * @param batches forward passes
     * @param tokenizing time to make tokens of texts
     * @param computing time of the forward passes
     */
    public record Work(long tokens, long paddedTokens, int batches, Duration tokenizing, Duration computing) {
        /** Tokens computed for one that was read, at least 1. */
        public double padding() {
            return tokens == 0 ? 1 : (double) paddedTokens / tokens;
        }
    }

    /** Number of rows. */
    public int rows() {
        return values.get(0).size();
    }
}
