package io.modelbatch.result;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one field, one for each row of a block, in an array of the field's type. Several threads may set the values of different
 * rows; the column is read when all are set.
 */
public abstract sealed class Column permits Column.Longs, Column.Doubles, Column.Objects {
    private final FieldType type;

    private Column(FieldType type) {
        this.type = type;
    }

    /** A column of type {@code STRING}. */
    public static Texts texts(int rows) {
        return new Texts(new String[rows]);
    }

    /** A column of type {@code INT64}. */
    public static Longs longs(int rows) {
        return new Longs(new long[rows]);
    }

    /** A column of type {@code FLOAT64}. */
    public static Doubles doubles(int rows) {
        return new Doubles(new double[rows]);
    }

    /** A column of type {@code SCORES}. */
    public static ScoreMaps scores(int rows) {
        return new ScoreMaps(new Scores[rows]);
    }

    /** A column of type {@code ENTITIES}. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public static EntityLists entities(int rows) {
        return new EntityLists((List<Entity>[]) new List[rows]);
    }

    /** A column of embeddings with that many dimensions. */
    public static Embeddings embeddings(int dimensions, int rows) {
        return new Embeddings(dimensions, new float[rows][]);
    }

    /**
     * The keys of rows.
     *
     * @param type of the keys: {@code STRING} or {@code INT64}
     */
    public static Column keys(FieldType type, List<Object> keys) {
        return type == FieldType.INT64
                ? new Longs(keys.stream().mapToLong(Long.class::cast).toArray())
                : new Texts(keys.stream().map(String.class::cast).toArray(String[]::new));
    }

    /** The type of its values. */
    public final FieldType type() {
        return type;
    }

    /** Number of rows. */
    public abstract int rows();

    /** The value of a row as an object; null where it has none. */
    public abstract @Nullable Object value(int row);

    /** The values as objects, in the order of the rows. */
    public final List<@Nullable Object> asList() {
        return new AbstractList<>() {
            @Override
            public @Nullable Object get(int row) {
                return value(row);
            }

            @Override
            public int size() {
                return rows();
            }
        };
    }

    /** True if the value of a row is one that its type can have. */
    boolean isComplete(int row) {
        return true;
    }

    /** The values of some rows. */
    abstract Column take(int[] rows);

    /** Hands the value of a row to a writer. */
    abstract <E extends Exception> void write(int row, ValueWriter<E> out) throws E;

    /** Whole numbers. */
    public static final class Longs extends Column {
        private final long[] values;

        private Longs(long[] values) {
            super(FieldType.INT64);
            this.values = values;
        }

        /** Sets the value of a row. */
        public void set(int row, long value) {
            values[row] = value;
        }

        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public Long value(int row) {
            return values[row];
        }

        @Override
        Column take(int[] rows) {
            return new Longs(Arrays.stream(rows).mapToLong(row -> values[row]).toArray());
        }

        @Override
        <E extends Exception> void write(int row, ValueWriter<E> out) throws E {
            out.whole(values[row]);
        }
    }

    /** Numbers. */
    public static final class Doubles extends Column {
        private final double[] values;

        private Doubles(double[] values) {
            super(FieldType.FLOAT64);
            this.values = values;
        }

        /** Sets the value of a row. */
        public void set(int row, double value) {
            values[row] = value;
        }

        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public Double value(int row) {
            return values[row];
        }

        @Override
        Column take(int[] rows) {
            return new Doubles(
                    Arrays.stream(rows).mapToDouble(row -> values[row]).toArray());
        }

        @Override
        <E extends Exception> void write(int row, ValueWriter<E> out) throws E {
            out.number(values[row]);
        }
    }

    /**
     * Values that are objects; null where a row has none.
     *
     * @param <T> their class
     */
    public abstract static sealed class Objects<T> extends Column permits Texts, ScoreMaps, EntityLists, Embeddings {
        private final @Nullable T[] values;

        private Objects(FieldType type, @Nullable T[] values) {
            super(type);
            this.values = values;
        }

        /** Sets the value of a row. */
        public void set(int row, @Nullable T value) {
            values[row] = value;
        }

        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public @Nullable T value(int row) {
            return values[row];
        }

        @Override
        Column take(int[] rows) {
            @Nullable T[] taken = Arrays.copyOf(values, rows.length);
            for (int i = 0; i < rows.length; i++) {
                taken[i] = values[rows[i]];
            }
            return of(taken);
        }

        @Override
        <E extends Exception> void write(int row, ValueWriter<E> out) throws E {
            T value = values[row];
            if (value == null) {
                out.nothing();
            } else {
                write(value, out);
            }
        }

        abstract Column of(@Nullable T[] taken);

        abstract <E extends Exception> void write(T value, ValueWriter<E> out) throws E;
    }

    /** Strings. */
    public static final class Texts extends Objects<String> {
        private Texts(@Nullable String[] values) {
            super(FieldType.STRING, values);
        }

        @Override
        Column of(@Nullable String[] taken) {
            return new Texts(taken);
        }

        @Override
        <E extends Exception> void write(String value, ValueWriter<E> out) throws E {
            out.text(value);
        }
    }

    /** Scores of labels. */
    public static final class ScoreMaps extends Objects<Scores> {
        private ScoreMaps(@Nullable Scores[] values) {
            super(FieldType.SCORES, values);
        }

        @Override
        Column of(@Nullable Scores[] taken) {
            return new ScoreMaps(taken);
        }

        @Override
        <E extends Exception> void write(Scores value, ValueWriter<E> out) throws E {
            out.scores(value);
        }
    }

    /** Entities of texts. */
    public static final class EntityLists extends Objects<List<Entity>> {
        private EntityLists(@Nullable List<Entity>[] values) {
            super(FieldType.ENTITIES, values);
        }

        /** A repeated column of BigQuery has no null. */
        @Override
        boolean isComplete(int row) {
            return value(row) != null;
        }

        @Override
        Column of(@Nullable List<Entity>[] taken) {
            return new EntityLists(taken);
        }

        @Override
        <E extends Exception> void write(List<Entity> value, ValueWriter<E> out) throws E {
            out.entities(value);
        }
    }

    /** Embeddings, each an array of its own: the one that the model's numbers arrive in is kept and not copied. */
    public static final class Embeddings extends Objects<float[]> {
        private final int dimensions;

        private Embeddings(int dimensions, float[] @Nullable [] values) {
            super(FieldType.embedding(dimensions), values);
            this.dimensions = dimensions;
        }

        @Override
        boolean isComplete(int row) {
            float[] numbers = value(row);
            return numbers != null && numbers.length == dimensions && areFinite(numbers);
        }

        private static boolean areFinite(float[] numbers) {
            for (float number : numbers) {
                if (!Float.isFinite(number)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        Column of(float[] @Nullable [] taken) {
            return new Embeddings(dimensions, taken);
        }

        @Override
        <E extends Exception> void write(float[] value, ValueWriter<E> out) throws E {
            out.embedding(value);
        }
    }
}
