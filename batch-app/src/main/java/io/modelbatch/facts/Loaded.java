package io.modelbatch.facts;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A result in a table.
 *
 * @param rows rows of the result
 * @param table the table
 * @param partition the day of the table; null for the whole table
 * @param tableRows rows of the table afterwards
 */
public record Loaded(long rows, String table, @Nullable String partition, long tableRows) implements Facts {
    @Override
    public Map<String, Object> results() {
        return Map.of("table", table, "rows", rows, "table-rows", tableRows);
    }
}
