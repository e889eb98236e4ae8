package io.modelbatch.inference;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a model says of a block of rows, by column, in the order of the rows.
 *
 * @param columns the columns, the same for every block of a model
 * @param values for each column, for each row: a value of {@link Type}; null where the row was rejected
 * @param rejected the rows that could not be answered, by their number in the block from 0: the reason, as the end of a
 *     sentence about the row
 * @param work what it took
 */
public record Answers(
        List<Column> columns, List<List<@Nullable Object>> values, SortedMap<Integer, String> rejected, Work work) {
    /** A column of answers. */
    public record Column(String name, Type type) {}

    /** What the values of a column are. */
    public sealed interface Type {
        /** A {@code String}. */
        record Text() implements Type {}

        /** A {@code Double}. */
        record Number() implements Type {}

        /** A {@code Map<String, Double>}, in the order in which it is to be written. */
        record Scores() implements Type {}

        /** A {@code List<Entity>}. */
        record Entities() implements Type {}

        /** A {@code float[]} of so many numbers. */
        record Embedding(int dimensions) implements Type {}
    }

    /**
     * A part of a text that means something.
     *
     * @param label what it is, without {@code B-} or {@code I-} before it
     * @param score how sure the model is, the mean over its tokens
     * @param start its first character, counted in Unicode code points of the text
     * @param end the character after its last one
     * @param word its tokens, put together by the tokenizer
     */
    public record Entity(String label, double score, int start, int end, String word) {}

    /**
     * What a block took.
     *
     * @param tokens tokens that the model read
     * @param paddedTokens tokens that it computed, padding included
     * @param batches forward passes
     * @param truncated rows whose texts were cut off
     * @param computing time of the forward passes, all lanes taken together
     */
    public record Work(long tokens, long paddedTokens, int batches, int truncated, Duration computing) {}

    /** Number of rows. */
    public int rows() {
        return values.get(0).size();
    }
}
