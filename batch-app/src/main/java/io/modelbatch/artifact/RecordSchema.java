package io.modelbatch.artifact;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a result's records, in order.
 *
 * @param fields at least one
 */
public record RecordSchema(List<Field> fields) {
    /** Keeps its own copy. */
    public RecordSchema {
        fields = List.copyOf(fields);
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
