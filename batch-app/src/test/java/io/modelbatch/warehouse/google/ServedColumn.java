package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.Field.Mode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A column: as a schema in JSON names it, as DuckDB keeps it, and as Arrow carries it. */
record ServedColumn(String name, String type, Mode mode, List<ServedColumn> fields) {
    private static final List<String> DETAILS = List.of("description", "policyTags");
    private static final int NUMERIC_SCALE = 9;
    private static final int NUMERIC_DIGITS_BEFORE_POINT = 29;
    private static final int BIGNUMERIC_SCALE = 38;
    private static final int BIGNUMERIC_PRECISION = 76;
    /** DuckDB has 38 digits where BigQuery has 76. */
    private static final String DUCKDB_BIGNUMERIC = "DECIMAL(38,18)";

    /** By DuckDB's name of its type, as {@code DESCRIBE} gives it. */
    static ServedColumn of(String name, String duckdb) {
        if (duckdb.endsWith("]")) {
            ServedColumn element = of(name, duckdb.substring(0, duckdb.lastIndexOf('[')));
            if (element.repeated()) {
                throw RefusedException.invalid("Cannot construct array with element type ARRAY in column " + name);
            }
            return new ServedColumn(name, element.type, Mode.REPEATED, element.fields);
        }
        if (duckdb.startsWith("STRUCT(")) {
            return new ServedColumn(name, "RECORD", Mode.NULLABLE, fields(inside(duckdb)));
        }
        if (duckdb.startsWith("MAP(")) { // as BigQuery loads a map of a Parquet file
            List<String> types = split(inside(duckdb));
            ServedColumn entries = new ServedColumn(
                            "key_value",
                            "RECORD",
                            Mode.REPEATED,
                            List.of(of("key", types.get(0)), of("value", types.get(1))))
                    .withRequiredKey();
            return new ServedColumn(name, "RECORD", Mode.NULLABLE, List.of(entries));
        }
        return new ServedColumn(name, scalar(duckdb), Mode.NULLABLE, List.of());
    }

    /** By a field of a schema in JSON. */
    static ServedColumn of(JsonNode field) {
        List<ServedColumn> fields = new ArrayList<>();
        field.path("fields").forEach(inner -> fields.add(of(inner)));
        return new ServedColumn(
                field.path("name").asString(),
                canonical(field.path("type").asString()),
                Mode.valueOf(field.path("mode").asString("NULLABLE")),
                fields);
    }

    static List<ServedColumn> schema(JsonNode schema) {
        List<ServedColumn> columns = new ArrayList<>();
        schema.path("fields").forEach(field -> columns.add(of(field)));
        return columns;
    }

    static Map<String, Object> schema(List<ServedColumn> columns) {
        return schema(columns, MissingNode.getInstance());
    }

    /** With what a schema in JSON says of these columns. */
    static Map<String, Object> schema(List<ServedColumn> columns, JsonNode declared) {
        return Map.of(
                "fields", columns.stream().map(column -> column.json(declared)).toList());
    }

    private Map<String, Object> json(JsonNode declared) {
        Map<String, Object> json = new LinkedHashMap<>();
        JsonNode own = declared.path("fields")
                .valueStream()
                .filter(field -> field.path("name").asString("").equals(name))
                .findFirst()
                .orElse(MissingNode.getInstance());
        json.put("name", name);
        json.put("type", type);
        json.put("mode", mode.name());
        if (!fields.isEmpty()) {
            json.put("fields", schema(fields, own).get("fields"));
        }
        DETAILS.stream().filter(own::has).forEach(detail -> json.put(detail, own.get(detail)));
        return json;
    }

    boolean repeated() {
        return mode == Mode.REPEATED;
    }

    /** In the modes that a declaration gives to its fields; DuckDB knows none. */
    ServedColumn in(Mode declared, List<ServedColumn> modes) {
        return new ServedColumn(
                name,
                type,
                repeated() ? mode : declared,
                fields.stream().map(field -> field.in(modes)).toList());
    }

    /** In the modes of the column of this name among those declared. */
    ServedColumn in(List<ServedColumn> declared) {
        return declared.stream()
                .filter(column -> column.name.equals(name))
                .findFirst()
                .map(column -> in(column.mode, column.fields))
                .orElse(this);
    }

    /**
     * The pairs of a map: Parquet's specification of logical types wants the key of a map required, so every writer stores it so
     * (<a href="https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#maps">LogicalTypes, Maps</a>).
     */
    ServedColumn withRequiredKey() {
        return in(mode, List.of(new ServedColumn("key", "STRING", Mode.REQUIRED, List.of())));
    }

    /** The type that DuckDB keeps it in. */
    String duckdb() {
        String one = switch (type) {
            case "STRING" -> "VARCHAR";
            case "INTEGER" -> "BIGINT";
            case "FLOAT" -> "DOUBLE";
            case "NUMERIC" -> "DECIMAL(38," + NUMERIC_SCALE + ")";
            case "BIGNUMERIC" -> DUCKDB_BIGNUMERIC;
            case "DATETIME" -> "TIMESTAMP";
            case "TIMESTAMP" -> "TIMESTAMPTZ";
            case "BYTES" -> "BLOB";
            case "RECORD" ->
                fields.stream()
                        .map(field -> ServedRows.name(field.name) + " " + field.duckdb())
                        .collect(Collectors.joining(", ", "STRUCT(", ")"));
            default -> type;
        };
        return repeated() ? one + "[]" : one;
    }

    /** The expression that DuckDB is asked for, so that its driver gives simple values: numbers since 1970, text, base64. */
    String readable() {
        String column = ServedRows.name(name);
        String one = repeated() ? "e" : column;
        String simple = switch (type) {
            case "DATETIME", "TIMESTAMP", "TIME" -> "epoch_us(" + one + ")";
            case "DATE" -> "(" + one + " - DATE '1970-01-01')";
            case "JSON" -> "CAST(" + one + " AS VARCHAR)";
            case "BYTES" -> "base64(" + one + ")";
            default -> one;
        };
        return simple.equals(one) ? column : repeated() ? transformed(column, simple) : simple;
    }

    private static String transformed(String column, String element) {
        return "list_transform(" + column + ", lambda e: " + element + ")";
    }

    /** The type of a new table's column, for a query's or file's column of this type of DuckDB's. */
    String stored(String duckdb) {
        String column = ServedRows.name(name);
        String simple = duckdb.startsWith("MAP(") ? "struct_pack(key_value := map_entries(" + column + "))" : column;
        String cast = "CAST(" + simple + " AS " + duckdb() + ")";
        return (repeated() ? withoutNulls(cast) : mode == Mode.REQUIRED ? required(cast) : cast) + " AS " + column;
    }

    /** In a table no array is null, and none holds a null. */
    private String withoutNulls(String array) {
        return "CASE WHEN len(list_filter(" + array + ", lambda e: e IS NULL)) > 0 THEN error("
                + ServedRows.literal("Array cannot have a null element; error in writing field " + name)
                + ") ELSE coalesce(" + array + ", []) END";
    }

    private String required(String value) {
        return "CASE WHEN " + ServedRows.name(name) + " IS NULL THEN error("
                + ServedRows.literal("Required field " + name + " cannot be null") + ") ELSE " + value + " END";
    }

    Field arrow() {
        if (repeated()) {
            Field item = new ServedColumn("item", type, Mode.NULLABLE, fields).arrow();
            return new Field(name, FieldType.nullable(new ArrowType.List()), List.of(item));
        }
        return new Field(
                name,
                FieldType.nullable(arrowType()),
                fields.stream().map(ServedColumn::arrow).toList());
    }

    private ArrowType arrowType() {
        return switch (type) {
            case "STRING", "JSON" -> new ArrowType.Utf8();
            case "INTEGER" -> new ArrowType.Int(Long.SIZE, true);
            case "FLOAT" -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case "NUMERIC" -> new ArrowType.Decimal(38, NUMERIC_SCALE, 128);
            case "BIGNUMERIC" -> new ArrowType.Decimal(BIGNUMERIC_PRECISION, BIGNUMERIC_SCALE, 256);
            case "BOOLEAN" -> new ArrowType.Bool();
            case "DATE" -> new ArrowType.Date(DateUnit.DAY);
            case "TIME" -> new ArrowType.Time(TimeUnit.MICROSECOND, Long.SIZE);
            case "DATETIME" -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
            case "TIMESTAMP" -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
            case "BYTES" -> new ArrowType.Binary();
            case "RECORD" -> new ArrowType.Struct();
            default -> throw new IllegalArgumentException("Arrow has no type for " + type);
        };
    }

    /** The bytes that its values count for, as the service's price list sizes types. */
    String bytes() {
        String column = ServedRows.name(name);
        String one = switch (type) {
            case "STRING" -> "2 + strlen(" + column + ")";
            case "BYTES" -> "2 + octet_length(" + column + ")";
            case "BOOLEAN" -> "1";
            case "NUMERIC" -> "16";
            case "BIGNUMERIC" -> "32";
            case "JSON", "RECORD" -> "strlen(CAST(" + column + " AS VARCHAR))";
            default -> "8";
        };
        String each = repeated() ? "strlen(CAST(" + column + " AS VARCHAR))" : one;
        return "coalesce(sum(CASE WHEN " + column + " IS NULL THEN 0 ELSE " + each + " END), 0)";
    }

    private static String scalar(String duckdb) {
        String base = duckdb.replaceFirst("\\(.*", "");
        return switch (base) {
            case "VARCHAR", "UUID", "ENUM" -> "STRING";
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "\"NULL\"" -> "INTEGER";
            case "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT" -> "INTEGER";
            case "FLOAT", "DOUBLE" -> "FLOAT";
            case "DECIMAL" -> decimal(inside(duckdb));
            case "BOOLEAN", "DATE", "TIME", "JSON" -> base;
            case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> "DATETIME";
            case "TIMESTAMP WITH TIME ZONE" -> "TIMESTAMP";
            case "BLOB" -> "BYTES";
            default -> throw new IllegalArgumentException("This server has no type for " + duckdb);
        };
    }

    private static String decimal(String precisionAndScale) {
        String[] digits = precisionAndScale.split(",", -1);
        int precision = Integer.parseInt(digits[0].strip());
        int scale = Integer.parseInt(digits[1].strip());
        return scale <= NUMERIC_SCALE && precision - scale <= NUMERIC_DIGITS_BEFORE_POINT ? "NUMERIC" : "BIGNUMERIC";
    }

    /** Standard SQL's names beside those of the REST API. */
    static String canonical(String type) {
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "INT64" -> "INTEGER";
            case "FLOAT64" -> "FLOAT";
            case "BOOL" -> "BOOLEAN";
            case "STRUCT" -> "RECORD";
            default -> type.toUpperCase(Locale.ROOT);
        };
    }

    private static String inside(String type) {
        return type.substring(type.indexOf('(') + 1, type.length() - 1);
    }

    private static List<ServedColumn> fields(String text) {
        return split(text).stream().map(ServedColumn::field).toList();
    }

    private static ServedColumn field(String text) {
        boolean quoted = text.startsWith("\"");
        int end = quoted ? text.indexOf("\" ") + 1 : text.indexOf(' ');
        String name = quoted ? text.substring(1, end - 1).replace("\"\"", "\"") : text.substring(0, end);
        return of(name, text.substring(end).strip());
    }

    /** At the commas that no parenthesis holds. */
    static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' || c == '<' ? 1 : c == ')' || c == '>' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(from, i).strip());
                from = i + 1;
            }
        }
        parts.add(text.substring(from).strip());
        return parts;
    }
}
