package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.LegacySQLTypeName;
import io.modelbatch.warehouse.WarehouseException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The column that names rows.
 *
 * @param name its name
 * @param type {@code string} or {@code int64}
 */
record KeyColumn(String name, String type) {
    /**
     * Finds it among the columns of a result.
     *
     * @throws WarehouseException when it is not there, or is neither text nor a whole number
     */
    static KeyColumn find(String key, List<Field> fields) {
        Field field = fields.stream()
                .filter(column -> column.getName().equals(key))
                .findFirst()
                .orElseThrow(() -> new WarehouseException("The query's result has no key column '" + key + "'; it has "
                        + fields.stream().map(Field::getName).collect(Collectors.joining(", "))));
        boolean repeated = field.getMode() == Field.Mode.REPEATED;
        if (!repeated && field.getType().equals(LegacySQLTypeName.STRING)) {
            return new KeyColumn(key, "string");
        }
        if (!repeated && field.getType().equals(LegacySQLTypeName.INTEGER)) {
            return new KeyColumn(key, "int64");
        }
        throw new WarehouseException("The key column '" + key + "' is "
                + (repeated ? "an ARRAY" : "a " + field.getType().getStandardType())
                + "; a key must be text or a whole number. For another single value, CAST(" + key + " AS STRING) AS "
                + key
                + " makes a text");
    }
}
