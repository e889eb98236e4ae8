package io.modelbatch.inference;

import com.google.common.primitives.ImmutableIntArray;
import io.modelbatch.result.Column;
import io.modelbatch.result.RecordBlock;
import io.modelbatch.result.RecordSchema;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;

/**
 * The answers of a model to a block of rows, by column, in the order of the rows.
 *
 * @param columns the columns by name, the same for every block of a model, with a value for each row that was not rejected
 * @param rejected the rows that could not be answered, by their number in the block from 0: the reason, as the end of a
 *     sentence about the row
 * @param lengths the tokens of each row as the model read them; 0 for one that was not answered
 * @param usage tokens and time that the block took
 */
public record Answers(
        Map<String, Column> columns, SortedMap<Integer, String> rejected, ImmutableIntArray lengths, Usage usage) {
    /** Keeps its own copy of the map. */
    public Answers {
        columns = Map.copyOf(columns);
    }

    /**
     * Tokens, forward passes and time of a block.
     *
     * @param tokens tokens that the model read
     * @param paddedTokens tokens that it computed, padding included
     * @param batches forward passes
     * @param truncated rows whose texts were truncated
     * @param computing time of the forward passes, all lanes taken together
     */
    public record Usage(long tokens, long paddedTokens, int batches, int truncated, Duration computing) {}

    /** The column of that name. */
    public Column column(String name) {
        Column column = columns.get(name);
        if (column == null) {
            throw new IllegalArgumentException(
                    "The answers have no column '" + name + "'; they have " + columns.keySet());
        }
        return column;
    }

    /**
     * A record for each row that was answered.
     *
     * @param schema the column of the keys, and those of the answers
     * @param key the name of the column of the keys
     * @param keys the key of each row
     */
    public RecordBlock records(RecordSchema schema, String key, List<Object> keys) {
        Map<String, Column> all = new HashMap<>(columns);
        all.put(key, Column.keys(schema.field(key).type(), keys));
        return RecordBlock.of(
                schema,
                all,
                IntStream.range(0, rows())
                        .filter(row -> !rejected.containsKey(row))
                        .toArray());
    }

    /** Number of rows. */
    public int rows() {
        return columns.values().iterator().next().rows();
    }
}
