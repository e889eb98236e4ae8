package io.modelbatch.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records that one block of rows became: one shard.
 *
 * @param schema their fields
 * @param records for each record its values, in the order and of the types of the fields
 */
public record RecordBlock(RecordSchema schema, List<List<@Nullable Object>> records) {
    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException when a field's type cannot hold one
     */
    public RecordBlock {
        for (List<@Nullable Object> record : records) {
            schema.verify(record);
        }
    }
}
