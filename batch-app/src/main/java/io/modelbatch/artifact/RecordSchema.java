package io.modelbatch.artifact;

import java.util.List;

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
}
