package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.StandardSQLTypeName;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values as BigQuery's REST API delivers them: as texts. */
final class RestValues {
    private static final Set<StandardSQLTypeName> READABLE = EnumSet.of(
            StandardSQLTypeName.STRING,
            StandardSQLTypeName.JSON,
            StandardSQLTypeName.GEOGRAPHY,
            StandardSQLTypeName.INT64,
            StandardSQLTypeName.FLOAT64,
            StandardSQLTypeName.NUMERIC,
            StandardSQLTypeName.BIGNUMERIC,
            StandardSQLTypeName.BOOL,
            StandardSQLTypeName.BYTES,
            StandardSQLTypeName.DATE,
            StandardSQLTypeName.TIME,
            StandardSQLTypeName.DATETIME,
            StandardSQLTypeName.TIMESTAMP);

    private RestValues() {}

    /** The text of a value; null where there is none. */
    static @Nullable String text(Field field, FieldValue cell) {
        Object value = value(field, cell);
        return value == null ? null : CellText.of(value);
    }

    /** A value, as {@link CellText} takes it; null where there is none. */
    static @Nullable Object value(Field field, FieldValue cell) {
        if (cell.getAttribute() == FieldValue.Attribute.REPEATED) {
            List<@Nullable Object> elements = new ArrayList<>();
            cell.getRepeatedValue().forEach(element -> elements.add(scalar(field, element)));
            return elements;
        }
        return scalar(field, cell);
    }

    /** Refuses a column whose values have no text. */
    static void requireText(Field field) {
        StandardSQLTypeName type = field.getType().getStandardType();
        if (!READABLE.contains(type)) {
            throw ArrowValues.unreadable(field.getName(), type.toString());
        }
    }

    private static @Nullable Object scalar(Field field, FieldValue cell) {
        if (cell.isNull()) {
            return null;
        }
        StandardSQLTypeName type = field.getType().getStandardType();
        return switch (type) {
            case STRING, JSON, GEOGRAPHY -> cell.getStringValue();
            case INT64 -> cell.getLongValue();
            case FLOAT64 -> cell.getDoubleValue();
            case NUMERIC, BIGNUMERIC -> cell.getNumericValue();
            case BOOL -> cell.getBooleanValue();
            case BYTES -> cell.getBytesValue();
            case DATE -> LocalDate.parse(cell.getStringValue());
            case TIME -> LocalTime.parse(cell.getStringValue());
            case DATETIME -> LocalDateTime.parse(cell.getStringValue());
            case TIMESTAMP -> ArrowValues.instant(cell.getTimestampValue());
            default -> throw ArrowValues.unreadable(field.getName(), type.toString());
        };
    }
}
