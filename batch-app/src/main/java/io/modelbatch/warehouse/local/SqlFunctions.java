package io.modelbatch.warehouse.local;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The functions of GoogleSQL that give the same rows in DuckDB. No other is called: one may have a twin in DuckDB that has its name
 * and another meaning.
 */
final class SqlFunctions {
    /** Name in GoogleSQL, or {@code NAME=name} where DuckDB has it under another name. */
    private static final String SAME = """
            abs acos any_value array_agg array_length=len array_to_string asin atan atan2 avg ceil ceiling=ceil char_length=google_length
            character_length=google_length chr coalesce corr cos count countif covar_pop covar_samp cume_dist dense_rank ends_with exp
            first_value generate_array=generate_series generate_uuid=uuid if ifnull instr=strpos is_inf=isinf is_nan=isnan lag last_day
            last_value lead ln log10 logical_and=bool_and logical_or=bool_or lower max min nth_value ntile nullif percent_rank pow power=pow
            rand=random rank row_number sign sin sqrt starts_with stddev stddev_pop stddev_samp string_agg strpos sum tan to_base64
            octet_length=google_byte_length substring=google_substr current_timestamp=now upper var_pop var_samp variance=var_samp
            """;

    private static final String MACROS = "google-functions.sql";
    private static final String GOOGLE = "google_";
    private static final String FAIL = "FAIL(";
    private static final String CREATE = "CREATE MACRO ";
    private static final Pattern OURS = Pattern.compile("\\b(?:google|modelbatch)_\\w+");
    /** Statements that make macros, by the names of these. A macro stands behind those that it calls. */
    private static final Map<String, String> STATEMENTS = statements();

    private static final Map<String, String> NAMES = names();

    private SqlFunctions() {}

    /** DuckDB's name of a function; empty for one that is not known to mean the same. */
    static Optional<String> duckDb(String name) {
        return Optional.ofNullable(NAMES.get(name.toLowerCase(Locale.ROOT)));
    }

    /** DuckDB's name of {@code SAFE.name}, whose result is null where the function fails. */
    static Optional<String> safe(String name) {
        return duckDb("safe_" + name);
    }

    /** Makes the macros that a query calls known to DuckDB, and those that they call: all of them would take a tenth of a second. */
    static void define(Connection duckdb, String sql) throws SQLException {
        Set<String> called = new HashSet<>();
        call(sql, called);
        try (Statement statement = duckdb.createStatement()) {
            for (Map.Entry<String, String> macro : STATEMENTS.entrySet()) {
                if (called.contains(macro.getKey())) {
                    statement.execute(macro.getValue());
                }
            }
        }
    }

    private static void call(String sql, Set<String> called) {
        OURS.matcher(sql)
                .results()
                .map(MatchResult::group)
                .filter(STATEMENTS::containsKey)
                .filter(called::add)
                .forEach(macro -> call(Objects.requireNonNull(STATEMENTS.get(macro)), called));
    }

    private static Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        for (String entry : SAME.strip().split("\\s+")) {
            String[] both = entry.split("=");
            names.put(both[0], both[both.length - 1]);
        }
        for (String macro : STATEMENTS.keySet()) {
            if (macro.startsWith(GOOGLE)) {
                names.put(macro.substring(GOOGLE.length()), macro);
            }
        }
        return names;
    }

    private static Map<String, String> statements() {
        try (InputStream in = Objects.requireNonNull(SqlFunctions.class.getResourceAsStream(MACROS))) {
            return Arrays.stream(new String(in.readAllBytes(), StandardCharsets.UTF_8).split(";\n"))
                    .flatMap(SqlFunctions::withSafeTwin)
                    .collect(ImmutableMap.toImmutableMap(
                            macro -> macro.substring(CREATE.length(), macro.indexOf('(')), macro -> macro));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Also the macro whose name says safe, where one can fail. */
    private static Stream<String> withSafeTwin(String written) {
        int start = written.indexOf(CREATE);
        if (start < 0) {
            return Stream.empty();
        }
        String macro = written.substring(start);
        String safe = macro.replaceFirst("(google|modelbatch)_", "$1_safe_").replace(FAIL, "modelbatch_null(");
        boolean cast = macro.startsWith(CREATE + "modelbatch_cast_");
        return cast || macro.contains(FAIL)
                ? Stream.of(
                        macro.replace(FAIL, "error("), cast ? safe.replaceAll("(?<!TRY_)CAST\\(", "TRY_CAST(") : safe)
                : Stream.of(macro);
    }
}
