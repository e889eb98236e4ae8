package io.modelbatch.step.transform;

import io.modelbatch.result.Column;
import io.modelbatch.result.Entity;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema.Field;
import io.modelbatch.result.Scores;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of one column of a block that is being made. */
final class ResultColumn {
    /** A reference and an object's header, roughly. */
    private static final int OBJECT = 32;

    private static final int ENTRY = 16;

    private final Field field;
    private List<@Nullable Object> values = new ArrayList<>();

    ResultColumn(Field field) {
        this.field = field;
    }

    String name() {
        return field.name();
    }

    /** Adds a value; bytes that it takes. */
    long add(@Nullable Object value) {
        values.add(value);
        return bytes(value);
    }

    /** Sets the last value; bytes that it takes. */
    long set(@Nullable Object value) {
        Object taken = value == null ? null : taken(value);
        values.set(values.size() - 1, taken);
        return bytes(taken);
    }

    void truncate(int rows) {
        values.subList(rows, values.size()).clear();
    }

    /** Refuses a last row without a value where the type of the column has no null. */
    void requireLast() {
        FieldType type = field.type();
        if (values.get(values.size() - 1) == null && type != FieldType.STRING && type != FieldType.SCORES) {
            throw new ResultBuilder.RefusedException("a row that it becomes has no value in column '" + field.name()
                    + "' of type " + type.word() + ", which has no null");
        }
    }

    private Object taken(Object value) {
        FieldType type = field.type();
        if (type == FieldType.STRING && value instanceof String
                || type == FieldType.INT64 && value instanceof Long
                || type == FieldType.FLOAT64 && value instanceof Double
                || type == FieldType.SCORES && value instanceof Scores) {
            return value;
        } else if (type == FieldType.INT64
                && (value instanceof Integer || value instanceof Short || value instanceof Byte)) {
            return ((Number) value).longValue();
        } else if (type == FieldType.FLOAT64 && value instanceof Number number) {
            return number.doubleValue();
        } else if (type == FieldType.SCORES && value instanceof Map<?, ?> map) {
            return scores(map);
        } else if (type == FieldType.ENTITIES
                && value instanceof List<?> list
                && list.stream().allMatch(Entity.class::isInstance)) {
            return List.copyOf(list);
        } else if (type instanceof FieldType.Embedding embedding
                && value instanceof float[] numbers
                && numbers.length == embedding.dimensions()) {
            return numbers;
        }
        throw new ResultBuilder.RefusedException("column '" + field.name() + "' of type " + type.word() + " cannot be "
                + (value instanceof float[] numbers
                        ? numbers.length + " numbers"
                        : "a " + value.getClass().getSimpleName()));
    }

    private static Scores scores(Map<?, ?> map) {
        String[] labels = map.keySet().stream().map(String::valueOf).toArray(String[]::new);
        double[] scores = map.values().stream()
                .mapToDouble(score -> ((Number) score).doubleValue())
                .toArray();
        return new Scores(labels, scores);
    }

    private static long bytes(@Nullable Object value) {
        if (value instanceof String text) {
            return OBJECT + 2L * text.length();
        } else if (value instanceof float[] numbers) {
            return OBJECT + (long) Float.BYTES * numbers.length;
        } else if (value instanceof Map<?, ?> scores) {
            return OBJECT + (long) ENTRY * scores.size();
        } else if (value instanceof Collection<?> entities) {
            return OBJECT + 4L * OBJECT * entities.size();
        }
        return ENTRY;
    }

    @SuppressWarnings("unchecked")
    Column build() {
        List<@Nullable Object> built = values;
        values = new ArrayList<>();
        int rows = built.size();
        FieldType type = field.type();
        if (type == FieldType.INT64) {
            Column.Longs column = Column.longs(rows);
            for (int row = 0; row < rows; row++) {
                column.set(row, (long) java.util.Objects.requireNonNull(built.get(row)));
            }
            return column;
        } else if (type == FieldType.FLOAT64) {
            Column.Doubles column = Column.doubles(rows);
            for (int row = 0; row < rows; row++) {
                column.set(row, (double) java.util.Objects.requireNonNull(built.get(row)));
            }
            return column;
        } else if (type == FieldType.SCORES) {
            return filled(Column.scores(rows), (List<@Nullable Scores>) (List<?>) built);
        } else if (type == FieldType.ENTITIES) {
            return filled(Column.entities(rows), (List<@Nullable List<Entity>>) (List<?>) built);
        } else if (type instanceof FieldType.Embedding embedding) {
            return filled(Column.embeddings(embedding.dimensions(), rows), (List<float[]>) (List<?>) built);
        }
        return filled(Column.texts(rows), (List<@Nullable String>) (List<?>) built);
    }

    private static <T> Column filled(Column.Objects<T> column, List<@Nullable T> values) {
        for (int row = 0; row < values.size(); row++) {
            column.set(row, values.get(row));
        }
        return column;
    }
}
