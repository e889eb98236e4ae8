package io.modelbatch.step.rows;

import io.modelbatch.result.RecordBlock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A block of rows as it is written and committed.
 *
 * @param records the rows of the result
 * @param rejects an object for each row that was set aside
 * @param session the session that its rows were read in; empty where their order is always the same
 * @param inputRows rows that became the records, also those that became none; null where each became one
 * @param tokens tokens that a model read for it; null without a model
 */
public record FinishedBlock(
        RecordBlock records,
        List<Map<String, @Nullable Object>> rejects,
        Optional<String> session,
        @Nullable Long inputRows,
        @Nullable Long tokens) {
    /** Rows of the result. */
    public int written() {
        return records.rows();
    }

    /** Rows that were set aside. */
    public int rejected() {
        return rejects.size();
    }

    /** Rows that it was made of. */
    public int rows() {
        return (int) (inputRows == null ? written() : inputRows) + rejected();
    }

    /**
     * A row that is set aside, as the file of rejects has it.
     *
     * @param reason as the end of a sentence about the row
     * @param row its columns
     */
    public static Map<String, @Nullable Object> reject(Object key, String reason, Map<String, @Nullable Object> row) {
        Map<String, @Nullable Object> reject = new LinkedHashMap<>();
        reject.put("key", key);
        reject.put("reason", reason);
        reject.put("row", row);
        return reject;
    }
}
