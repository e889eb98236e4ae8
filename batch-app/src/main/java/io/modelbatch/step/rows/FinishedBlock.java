package io.modelbatch.step.rows;

import io.modelbatch.result.RecordBlock;
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
 */
public record FinishedBlock(
        RecordBlock records, List<Map<String, @Nullable Object>> rejects, Optional<String> session) {
    public int written() {
        return records.rows();
    }

    public int rejected() {
        return rejects.size();
    }

    /** Rows that it was made of. */
    public int rows() {
        return written() + rejected();
    }
}
