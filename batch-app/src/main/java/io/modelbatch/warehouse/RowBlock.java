package io.modelbatch.warehouse;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive rows of one partition, by column: what one chunk processes and one commit covers.
 *
 * @param keys the key of each row: a {@code String} or a {@code Long}
 * @param columns for each requested column, by its name, the text of each row; null where the row has none
 */
public record RowBlock(List<Object> keys, Map<String, List<@Nullable String>> columns) {
    /** Refuses columns of different lengths. */
    public RowBlock {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        columns.forEach((name, column) -> {
            if (column.size() != keys.size()) {
                throw new IllegalArgumentException(
                        column.size() + " values of '" + name + "' for " + keys.size() + " keys");
            }
        });
    }

    /**
     * The text of each row in a column.
     *
     * @throws IllegalArgumentException when the column was not requested
     */
    public List<@Nullable String> column(String name) {
        List<@Nullable String> column = columns.get(name);
        if (column == null) {
            throw new IllegalArgumentException(
                    "The column '" + name + "' was not requested; there are " + String.join(", ", columns.keySet()));
        }
        return column;
    }

    /** Number of rows, at least one. */
    public int rows() {
        return keys.size();
    }
}
