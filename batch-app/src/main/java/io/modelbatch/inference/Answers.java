package io.modelbatch.inference;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a model says of a block of rows, by column, in the order of the rows.
 *
 * @param columns the columns, the same for every block of a model
 * @param values for each column, for each row: a value of {@link Column.Type}; null where the row was rejected
 * @param rejected the rows that could not be answered, by their number in the block from 0: the reason, as the end of a
 *     sentence about the row
 * @param work what it took
 */
public record Answers(
        List<Column> columns, List<List<@Nullable Object>> values, SortedMap<Integer, String> rejected, Work work) {
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
