package io.modelbatch.step.infer;

import io.modelbatch.inference.Answers;
import io.modelbatch.result.RecordBlock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A block of rows after the model.
 *
 * @param records a record for each row that was answered
 * @param rejects an object for each row that was not
 * @param session the session that its rows were read in; empty where their order is always the same
 * @param work tokens and time that the block took
 */
record AnsweredBlock(
        RecordBlock records,
        List<Map<String, @Nullable Object>> rejects,
        Optional<String> session,
        Answers.Usage work) {
    int answered() {
        return records.rows();
    }

    /** Rows that it was made of. */
    int rows() {
        return answered() + rejects.size();
    }
}
