package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.ParquetOptions;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.warehouse.TableLoad;
import java.util.List;
import java.util.stream.Collectors;

/** Shards as BigQuery loads them: the format of their files, and the type of each column. */
final class ShardFormat {
    /** Parquet requires the key of a map, and the service compares that with what a load declares. */
    private static final FieldList PAIR = FieldList.of(
            Field.newBuilder("key", StandardSQLTypeName.STRING)
                    .setMode(Field.Mode.REQUIRED)
                    .build(),
            Field.of("value", StandardSQLTypeName.FLOAT64));

    private static final FieldList ENTITY = FieldList.of(
            Field.of("entity", StandardSQLTypeName.STRING),
            Field.of("score", StandardSQLTypeName.FLOAT64),
            Field.of("start", StandardSQLTypeName.INT64),
            Field.of("end", StandardSQLTypeName.INT64),
            Field.of("word", StandardSQLTypeName.STRING));

    private ShardFormat() {}

    static FormatOptions options(TableLoad load) {
        return load.format().equals("parquet")
                ? ParquetOptions.newBuilder()
                        .setEnableListInference(true)
                        .setMapTargetType("ARRAY_OF_STRUCT")
                        .build()
                : FormatOptions.json();
    }

    static Schema schema(TableLoad load) {
        return schema(load.columns(), load.format());
    }

    static Schema schema(List<RecordSchema.Field> columns, String format) {
        return Schema.of(columns.stream().map(column -> field(column, format)).toList());
    }

    private static Field field(RecordSchema.Field column, String format) {
        if (column.type() instanceof FieldType.Embedding) {
            return repeated(Field.newBuilder(column.name(), StandardSQLTypeName.FLOAT64));
        }
        return switch ((FieldType.Plain) column.type()) {
            case STRING -> Field.of(column.name(), StandardSQLTypeName.STRING);
            case INT64 -> Field.of(column.name(), StandardSQLTypeName.INT64);
            case FLOAT64 -> Field.of(column.name(), StandardSQLTypeName.FLOAT64);
            // an object of JSON lines can only become a JSON, and a map of Parquet only a list of pairs
            case SCORES ->
                format.equals("parquet")
                        ? repeated(Field.newBuilder(column.name(), StandardSQLTypeName.STRUCT, PAIR))
                        : Field.of(column.name(), StandardSQLTypeName.JSON);
            case ENTITIES -> repeated(Field.newBuilder(column.name(), StandardSQLTypeName.STRUCT, ENTITY));
        };
    }

    private static Field repeated(Field.Builder field) {
        return field.setMode(Field.Mode.REPEATED).build();
    }

    /** As GoogleSQL writes it. */
    static String sqlType(Field field) {
        String one = field.getSubFields() == null
                ? field.getType().getStandardType().name()
                : field.getSubFields().stream()
                        .map(inner -> BigQueryNames.quoted(inner.getName()) + " " + sqlType(inner))
                        .collect(Collectors.joining(", ", "STRUCT<", ">"));
        return field.getMode() == Field.Mode.REPEATED ? "ARRAY<" + one + ">" : one;
    }
}
