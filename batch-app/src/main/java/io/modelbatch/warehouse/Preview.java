package io.modelbatch.warehouse;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A query's columns and rows before its result is pinned.
 *
 * @param words for a person
 * @param keyType type of the key column, {@code string} or {@code int64}
 * @param rows the contents of its rows; empty where reading them would cost money or too much time
 */
public record Preview(String words, String keyType, Optional<Rows> rows) {
    /**
     * The rows of a query's result. Their keys are unique and not null.
     *
     * @param count their number
     * @param columns the contents of each column that is read later, by its name
     */
    public record Rows(long count, Map<String, Values> columns) {
        /** Counts of a column. */
        public Values of(String column) {
            return Objects.requireNonNull(columns.get(column), column);
        }

        /** {@code 3 of 100 rows have no 'text' (null)}. */
        public String withoutValue(String column) {
            return "%,d of %,d rows have no '%s' (null)".formatted(of(column).nulls(), count, column);
        }
    }

    /**
     * The values of a column.
     *
     * @param nulls rows in which it is null
     * @param distinct different values that are not null: 0, 1, or 2 where there are more
     * @param few the different values in order, of a column that is to have few of them; at most {@value #MOST}
     */
    public record Values(long nulls, int distinct, List<String> few) {
        /** Of so many values, more of them say nothing to a person. */
        public static final int MOST = 1_000;
    }
}
