package io.modelbatch.inference;

import io.modelbatch.result.RecordBlock;
import io.modelbatch.result.RecordSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a model to a block of rows, by column, in the order of the rows.
 *
 * @param columns the columns, the same for every block of a model
 * @param values for each column, for each row: a value of its type; null where the row was rejected
 * @param rejected the rows that could not be answered, by their number in the block from 0: the reason, as the end of a
 *     sentence about the row
 * @param usage tokens and time that the block took
 */
public record Answers(
        List<RecordSchema.Field> columns,
        List<List<@Nullable Object>> values,
        SortedMap<Integer, String> rejected,
        Usage usage) {
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

    /**
     * A record for each row that was answered.
     *
     * @param schema a key, and then the columns
     * @param keys the key of each row
     */
    public RecordBlock records(RecordSchema schema, List<Object> keys) {
        List<List<@Nullable Object>> records = new ArrayList<>(rows());
        for (int row = 0; row < rows(); row++) {
            if (!rejected.containsKey(row)) {
                List<@Nullable Object> record = new ArrayList<>(columns.size() + 1);
                record.add(keys.get(row));
                for (List<@Nullable Object> column : values) {
                    record.add(column.get(row));
                }
                records.add(record);
            }
        }
        return new RecordBlock(schema, records);
    }

    /** Number of rows. */
    public int rows() {
        return values.get(0).size();
    }
}
