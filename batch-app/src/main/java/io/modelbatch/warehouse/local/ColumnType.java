package io.modelbatch.warehouse.local;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The type of a column of a text file, by its name in BigQuery. */
enum ColumnType {
    STRING("VARCHAR", null, ""),
    INT64("BIGINT", "0|-?[1-9][0-9]{0,18}", "-?[0-9]+"),
    FLOAT64(
            "DOUBLE",
            "-?[0-9]+\\.[0-9]+|-?[0-9]+(\\.[0-9]+)?e[-+][0-9]+",
            "-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?"),
    BOOL("BOOLEAN", "true|false", "(?i)true|false"),
    DATE("DATE", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    DATETIME(
            "TIMESTAMP",
            "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?",
            "[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?)?"),
    TIMESTAMP(
            "TIMESTAMPTZ",
            null,
            "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?( UTC|Z|[-+][0-9]{2}(:?[0-9]{2})?)?"),
    /** Arrays and objects of JSON lines. */
    JSON("JSON", null, "");

    private final String duckDb;
    private final Optional<Pattern> canonical;
    private final String written;

    /**
     * @param canonical the form in which the warehouse writes such a value; null for a type that is never recognized
     * @param written the form in which a file may write it where its schema names the type; texts are not asked
     */
    ColumnType(String duckDb, @Nullable String canonical, String written) {
        this.duckDb = duckDb;
        this.canonical = Optional.ofNullable(canonical).map(Pattern::compile);
        this.written = written;
    }

    /** The type whose values look like this one; whether all values of a column have it remains to be seen. */
    static Optional<ColumnType> suggestedBy(String value) {
        return Arrays.stream(values())
                .filter(type -> type.canonical.isPresent()
                        && type.canonical.get().matcher(value).matches())
                .findFirst();
    }

    /** SQL of a column's value in this type. */
    String cast(String column) {
        return this == STRING ? column : "CAST(" + column + " AS " + duckDb + ")";
    }

    /** SQL that is true where the typed value, written as text, is no longer what the file has. */
    String differs(String column) {
        if (this == STRING || this == JSON) {
            return "false";
        }
        return "%1$s IS NOT NULL AND CAST(TRY_CAST(%1$s AS %2$s) AS VARCHAR) IS DISTINCT FROM %1$s"
                .formatted(column, duckDb);
    }

    /** SQL that is true where a value is not written as this type. DuckDB's cast alone would round and drop. */
    String isWrong(String column) {
        if (this == STRING) {
            return "false";
        }
        String cast = "TRY_CAST(" + column + " AS " + duckDb + ")";
        return "%1$s IS NOT NULL AND NOT (regexp_full_match(%1$s, %2$s) AND %3$s IS NOT NULL%4$s)"
                .formatted(column, DuckDb.literal(written), cast, this == FLOAT64 ? " AND isfinite(" + cast + ")" : "");
    }
}
