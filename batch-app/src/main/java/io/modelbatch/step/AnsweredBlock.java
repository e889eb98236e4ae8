package io.modelbatch.step;

import io.modelbatch.artifact.RecordBlock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A block of rows after the model.
 *
 * @param records a record for each row that was answered
 * @param rejects an object for each row that was not
 */
record AnsweredBlock(RecordBlock records, List<Map<String, @Nullable Object>> rejects) {
    int answered() {
        return records.records().size();
    }

    /** Rows that it was made of. */
    int rows() {
        return answered() + rejects.size();
    }
}
