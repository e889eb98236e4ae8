package io.modelbatch.source.google;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.ParquetOptions;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import io.modelbatch.source.TableLoad;
import java.util.Locale;
import java.util.stream.Collectors;

/** What BigQuery makes of shards: the format of their files, and the type of each column. */
final class ShardFormat {
    private ShardFormat() {}

    static FormatOptions options(TableLoad load) {
        return isParquet(load)
                ? ParquetOptions.newBuilder()
                        .setEnableListInference(true)
                        .setMapTargetType("ARRAY_OF_STRUCT")
                        .build()
                : FormatOptions.json();
    }

    static Schema schema(TableLoad load) {
        return Schema.of(
                load.columns().stream().map(column -> field(column, load)).toList());
    }

    /** A SELECT of these columns without a row. */
    static String selectNothing(TableLoad load) {
        return load.columns().stream()
                .map(column -> "CAST(NULL AS " + sqlType(column, load) + ") AS " + Names.quoted(column.name()))
                .collect(Collectors.joining(", ", "SELECT ", " LIMIT 0"));
    }

    private static Field field(TableLoad.Column column, TableLoad load) {
        if (isScores(column) && isParquet(load)) {
            return Field.newBuilder(
                            column.name(),
                            StandardSQLTypeName.STRUCT,
                            Field.of("key", StandardSQLTypeName.STRING),
                            Field.of("value", StandardSQLTypeName.FLOAT64))
                    .setMode(Field.Mode.REPEATED)
                    .build();
        }
        return Field.of(column.name(), StandardSQLTypeName.valueOf(sqlType(column, load)));
    }

    /** An object of JSON lines can only become a JSON, and a map of Parquet only a list of pairs. */
    private static String sqlType(TableLoad.Column column, TableLoad load) {
        if (isScores(column)) {
            return isParquet(load) ? "ARRAY<STRUCT<key STRING, value FLOAT64>>" : "JSON";
        }
        return column.type().toUpperCase(Locale.ROOT);
    }

    private static boolean isScores(TableLoad.Column column) {
        return column.type().equals("scores");
    }

    private static boolean isParquet(TableLoad load) {
        return load.format().equals("parquet");
    }
}
