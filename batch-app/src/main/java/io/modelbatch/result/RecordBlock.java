package io.modelbatch.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The records that one block of rows became: one shard. Keeps them by column.
 *
 * @param schema their fields
 * @param columns the values of each field, in the order of the fields
 */
public record RecordBlock(RecordSchema schema, List<Column> columns) {
    /**
     * Checks types, and that each record has what its types require.
     *
     * @throws IllegalArgumentException when a column does not hold what its field requires
     */
    public RecordBlock {
        columns = List.copyOf(columns);
        schema.verify(columns);
    }

    /**
     * The records of some rows.
     *
     * @param columns the values of each field for all rows, by the field's name
     * @param rows the numbers of the rows
     */
    public static RecordBlock of(RecordSchema schema, Map<String, Column> columns, int[] rows) {
        List<Column> taken = new ArrayList<>();
        for (RecordSchema.Field field : schema.fields()) {
            Column column = Objects.requireNonNull(columns.get(field.name()), field.name());
            taken.add(column.rows() == rows.length ? column : column.take(rows));
        }
        return new RecordBlock(schema, taken);
    }

    /** Number of records. */
    public int rows() {
        return columns.get(0).rows();
    }
}
