package io.modelbatch.result;

import java.util.Collection;

/**
 * The number of rows of a Parquet file that DuckDB holds in memory at once. Its own number, meant for narrow rows, makes half a gigabyte of
 * embeddings of 1,024 dimensions; BigQuery asks for at least 16 MiB.
 */
public final class RowGroups {
    private static final int BYTES = 32 << 20;
    /** DuckDB takes multiples of its vectors. */
    private static final int VECTOR = 2_048;

    private static final int MOST = 60 * VECTOR;

    private RowGroups() {}

    /** Rows of a group with columns of these types. */
    public static int rows(Collection<FieldType> columns) {
        long bytes = columns.stream()
                .filter(FieldType.Embedding.class::isInstance)
                .mapToLong(type -> (long) Float.BYTES * ((FieldType.Embedding) type).dimensions())
                .sum();
        return bytes == 0 ? MOST : (int) Math.min(MOST, Math.max(1, BYTES / bytes / VECTOR) * VECTOR);
    }
}
