package io.modelbatch.result;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Columns and blocks of values that a test lists. */
public final class Records {
    private Records() {}

    /** A block of records, each with its values in the order of the fields. */
    public static RecordBlock block(RecordSchema schema, List<List<@Nullable Object>> records) {
        return new RecordBlock(
                schema,
                IntStream.range(0, schema.fields().size())
                        .mapToObj(field -> column(
                                schema.fields().get(field).type(),
                                records.stream()
                                        .<@Nullable Object>map(record -> record.get(field))
                                        .toList()))
                        .toList());
    }

    /** A column of these values. */
    public static Column column(FieldType type, List<? extends @Nullable Object> values) {
        if (type instanceof FieldType.Embedding embedding) {
            return filled(Column.embeddings(embedding.dimensions(), values.size()), values, value -> (float[]) value);
        }
        return switch ((FieldType.Plain) type) {
            case STRING -> filled(Column.texts(values.size()), values, value -> (String) value);
            case INT64 -> {
                Column.Longs column = Column.longs(values.size());
                IntStream.range(0, values.size()).forEach(row -> column.set(row, (Long) values.get(row)));
                yield column;
            }
            case FLOAT64 -> {
                Column.Doubles column = Column.doubles(values.size());
                IntStream.range(0, values.size()).forEach(row -> column.set(row, (Double) values.get(row)));
                yield column;
            }
            case SCORES -> filled(Column.scores(values.size()), values, value -> scores((Map<?, ?>) value));
            case ENTITIES ->
                filled(
                        Column.entities(values.size()),
                        values,
                        value -> ((List<?>) value)
                                .stream().map(Entity.class::cast).toList());
        };
    }

    /** The same scores in the order of the map. */
    public static Scores scores(Map<?, ?> scores) {
        return new Scores(
                scores.keySet().toArray(String[]::new),
                scores.values().stream().mapToDouble(Double.class::cast).toArray());
    }

    private static <T> Column filled(
            Column.Objects<T> column, List<? extends @Nullable Object> values, Function<Object, T> converted) {
        for (int row = 0; row < values.size(); row++) {
            Object value = values.get(row);
            column.set(row, value == null ? null : converted.apply(value));
        }
        return column;
    }
}
