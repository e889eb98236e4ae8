package io.modelbatch.warehouse.local;

import io.modelbatch.warehouse.SqlToken;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Words of GoogleSQL and of DuckDB's SQL. All in capitals. */
final class SqlKeywords {
    /** Types by their names in GoogleSQL. */
    static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("STRING", "VARCHAR"),
            Map.entry("INT64", "BIGINT"),
            Map.entry("INT", "BIGINT"),
            Map.entry("INTEGER", "BIGINT"),
            Map.entry("BIGINT", "BIGINT"),
            Map.entry("FLOAT64", "DOUBLE"),
            Map.entry("BOOL", "BOOLEAN"),
            Map.entry("BOOLEAN", "BOOLEAN"),
            Map.entry("NUMERIC", "DECIMAL(38, 9)"),
            Map.entry("DECIMAL", "DECIMAL(38, 9)"),
            Map.entry("BYTES", "BLOB"),
            Map.entry("DATE", "DATE"),
            Map.entry("DATETIME", "TIMESTAMP"),
            Map.entry("TIMESTAMP", "TIMESTAMPTZ"));

    /** Words that may stand before a text. */
    static final Set<String> BEFORE_A_TEXT = words(
            "SELECT DISTINCT ALL AND OR NOT LIKE BETWEEN WHEN THEN ELSE CASE WHERE ON HAVING BY QUALIFY ZONE DATE DATETIME"
                    + " TIMESTAMP NUMERIC FROM");

    static final Set<String> ENDS_FROM =
            words("WHERE GROUP ORDER LIMIT HAVING QUALIFY WINDOW SELECT UNION INTERSECT EXCEPT ON");

    static final Set<String> UNITS = words("YEAR QUARTER MONTH WEEK DAY HOUR MINUTE SECOND MILLISECOND MICROSECOND");

    /** Functions whose last argument is a part of a day or time. */
    static final Set<String> TAKES_A_PART =
            words("DATE_DIFF DATETIME_DIFF TIMESTAMP_DIFF DATE_TRUNC DATETIME_TRUNC TIMESTAMP_TRUNC");

    static final Map<String, String> PARTS = Map.of(
            "YEAR",
            "year",
            "QUARTER",
            "quarter",
            "MONTH",
            "month",
            "ISOWEEK",
            "week",
            "DAY",
            "day",
            "HOUR",
            "hour",
            "MINUTE",
            "minute",
            "SECOND",
            "second",
            "MILLISECOND",
            "millisecond",
            "MICROSECOND",
            "microsecond");

    /** Names in GoogleSQL that DuckDB does not take for names, or for others. */
    static final Set<String> RESERVED_BY_DUCKDB = words(
            "ANALYSE ANALYZE ASYMMETRIC BOTH CHECK COLUMN CONSTRAINT DEFERRABLE DESCRIBE DO FOREIGN INITIALLY LAMBDA LEADING"
                    + " ONLY PIVOT_LONGER PIVOT_WIDER PLACING PRIMARY REFERENCES RETURNING SHOW SUMMARIZE SYMMETRIC TABLE"
                    + " TRAILING UNIQUE VARIADIC USER CURRENT_USER SESSION_USER CURRENT_ROLE CURRENT_CATALOG CURRENT_SCHEMA"
                    + " LOCALTIME LOCALTIMESTAMP");

    private static final Set<String> KEYWORDS = words(
            "ALL AND ANY ARRAY AS ASC AT BETWEEN BY CASE CAST CROSS CUBE CURRENT DESC DISTINCT ELSE END EXCEPT EXISTS EXTRACT"
                    + " FALSE FOLLOWING FROM FULL GROUP GROUPING HAVING IF IGNORE IN INNER INTERSECT INTERVAL INTO IS JOIN LEFT"
                    + " LIKE LIMIT NOT NULL NULLS ON OR ORDER OUTER OVER PARTITION PRECEDING QUALIFY RANGE RECURSIVE REPLACE"
                    + " RESPECT RIGHT ROLLUP ROWS SELECT SETS SOME THEN TO TRUE UNBOUNDED UNION UNNEST USING WHEN WHERE WINDOW WITH");
    /** Keywords that are functions before a parenthesis. */
    private static final Set<String> FUNCTIONS_TOO = words("ARRAY CAST EXTRACT IF LEFT REPLACE RIGHT UNNEST");

    private static final Set<String> DUCKDB_JOINS = words("ASOF POSITIONAL SEMI ANTI NATURAL");
    private static final Set<String> DUCKDB_ONLY = words("GLOB ILIKE ISNULL NOTNULL PIVOT UNPIVOT TABLESAMPLE");

    private static final Map<String, String> INSTEAD = Map.of(
            "FORMAT", "CONCAT and CAST",
            "FARM_FINGERPRINT", "TO_HEX(MD5(…))",
            "APPROX_COUNT_DISTINCT", "COUNT(DISTINCT …)",
            "CONTAINS_SUBSTR", "STRPOS(LOWER(…), '…') > 0",
            "STRUCT", "one column for each field");

    private SqlKeywords() {}

    private static Set<String> words(String words) {
        return Set.of(words.split(" "));
    }

    static boolean isKeyword(String word) {
        return KEYWORDS.contains(word);
    }

    /** True if a word before a parenthesis is the name of a function. */
    static boolean isFunction(String word, SqlToken before) {
        boolean afterStar = before.is("*");
        return FUNCTIONS_TOO.contains(word) ? !(word.equals("REPLACE") && afterStar) : !KEYWORDS.contains(word);
    }

    static String unknownFunction(String name) {
        String instead = INSTEAD.get(name);
        return "the function " + name + " may not mean the same in both environments; "
                + (instead == null ? "docs/job-files.md lists those that do" : "write it with " + instead);
    }

    /** The reason why a word is refused between its neighbours; empty for one that is allowed. */
    static Optional<String> refusal(String word, SqlToken before, SqlToken after) {
        if (DUCKDB_ONLY.contains(word)
                || DUCKDB_JOINS.contains(word) && after.is("JOIN")
                || word.equals("SIMILAR") && after.is("TO")
                || word.equals("SAMPLE") && before.is("USING")) {
            return Optional.of(
                    word + " is not the same in both; a name is written `" + word.toLowerCase(Locale.ROOT) + "`");
        }
        if (word.equals("EXCLUDE") && before.is("*")) {
            return Optional.of("EXCLUDE is DuckDB's; write EXCEPT");
        }
        if (word.equals("ON") && before.is("DISTINCT")) {
            return Optional.of("DISTINCT ON is DuckDB's; write QUALIFY ROW_NUMBER() OVER (…) = 1");
        }
        if (word.equals("UNION") && !after.is("ALL") && !after.is("DISTINCT")) {
            return Optional.of("UNION needs ALL or DISTINCT");
        }
        boolean set = word.equals("INTERSECT") || word.equals("EXCEPT") && !before.is("*");
        return set && !after.is("DISTINCT") ? Optional.of(word + " needs DISTINCT") : Optional.empty();
    }
}
