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
    public record Field(String name, FieldType type) {}

    void verify(List<@Nullable Object> record) {
        if (record.size() != fields.size()) {
            throw new IllegalArgumentException(
                    "A record of " + record.size() + " values, where there are " + fields.size() + " fields");
        }
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (!field.type().holds(record.get(i))) {
                throw new IllegalArgumentException("The field '" + field.name() + "' of type "
                        + field.type().word() + " cannot be " + described(record.get(i)) + " (record "
                        + record.get(0) + ")");
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
