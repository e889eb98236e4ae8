package io.modelbatch.warehouse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive rows of one partition, by column: what one chunk processes and one commit covers.
 *
 * @param keys the key of each row: a {@code String} or a {@code Long}
 * @param columns for each requested column, in the order of the request, the text of each row; null where the row has none
 */
public record RowBlock(List<Object> keys, List<List<@Nullable String>> columns) {
    /** Refuses columns of different lengths. */
    public RowBlock {
        for (List<@Nullable String> column : columns) {
            if (column.size() != keys.size()) {
                throw new IllegalArgumentException(column.size() + " values for " + keys.size() + " keys");
            }
        }
    }

    /** Number of rows, at least one. */
    public int rows() {
        return keys.size();
    }
}
