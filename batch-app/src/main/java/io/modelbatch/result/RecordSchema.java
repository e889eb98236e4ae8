package io.modelbatch.result;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a result's records, in order.
 *
 * @param fields at least one
 */
public record RecordSchema(List<Field> fields) {
    /**
     * Keeps its own copy.
     *
     * @throws IllegalArgumentException when two fields differ only by case: the warehouses take them for one
     */
    public RecordSchema {
        fields = List.copyOf(fields);
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Field field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException("Two fields of a record are named '" + field.name() + "'");
            }
        }
    }

    /**
     * A field.
     *
     * @param name its name
     * @param type its type
     */
    public record Field(String name, FieldType type) {
        /** For messages. */
        @Override
        public String toString() {
            return "The field '" + name + "' of type " + type.word();
        }
    }

    /** The field of that name. */
    public Field field(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("A record has no field '" + name + "'"));
    }

    void verify(List<Column> columns) {
        if (columns.size() != fields.size()) {
            throw new IllegalArgumentException(
                    columns.size() + " columns, where there are " + fields.size() + " fields");
        }
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            Column column = columns.get(i);
            if (!column.type().equals(field.type())) {
                throw new IllegalArgumentException(
                        field + " cannot be a column of type " + column.type().word());
            } else if (column.rows() != columns.get(0).rows()) {
                throw new IllegalArgumentException(field + " has " + column.rows() + " values for "
                        + columns.get(0).rows() + " records");
            }
            verify(field, column, columns.get(0));
        }
    }

    private static void verify(Field field, Column column, Column keys) {
        for (int row = 0; row < column.rows(); row++) {
            if (!column.isComplete(row)) {
                throw new IllegalArgumentException(
                        field + " cannot be " + described(column.value(row)) + " (record " + keys.value(row) + ")");
            }
        }
    }

    private static String described(@Nullable Object value) {
        if (value instanceof float[] numbers) {
            return numbers.length + " numbers, or one that is not finite";
        }
        return value == null ? "null" : "a " + value.getClass().getSimpleName();
    }
}
