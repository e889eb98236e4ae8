package io.modelbatch.warehouse.local;

import io.modelbatch.warehouse.WarehouseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Has DuckDB itself say whether a text is one SELECT. Its driver runs all statements of a text but the last as soon as it prepares
 * it, so a text that only looks like one SELECT would already have written.
 */
final class SingleSelectCheck {
    /** Change the process, take SQL as text, or take addresses in memory. */
    private static final Set<String> REFUSED = Set.of(
            "enable_logging",
            "disable_logging",
            "truncate_duckdb_logs",
            "query",
            "json_execute_serialized_sql",
            "arrow_scan",
            "arrow_scan_dumb");

    private SingleSelectCheck() {}

    static void verify(Connection duckdb, String sql) throws SQLException {
        try (PreparedStatement statement = duckdb.prepareStatement(
                "SELECT tree->>'error_type', tree->>'error_message', json_array_length(tree->'statements'),"
                        + " array_to_string(json_extract_string(tree, '$..function_name'), ' ')"
                        + " FROM (SELECT json_serialize_sql(CAST(? AS VARCHAR)) AS tree)")) {
            statement.setString(1, sql);
            try (ResultSet tree = statement.executeQuery()) {
                tree.next();
                verify(tree);
            }
        }
    }

    private static void verify(ResultSet tree) throws SQLException {
        if ("parser".equals(tree.getString(1))) {
            throw new SQLException("Parser Error: " + tree.getString(2));
        }
        if (tree.getString(1) != null || tree.getLong(3) != 1) {
            throw new WarehouseException(
                    "The query must be one SELECT; a PIVOT in it must list its values: ON x IN (1, 2)");
        }
        String functions = tree.getString(4);
        for (String name : functions == null ? List.<String>of() : List.of(functions.split(" "))) {
            if (REFUSED.contains(name.toLowerCase(Locale.ROOT))) {
                throw new WarehouseException("The query calls " + name + ", which is not allowed in a job");
            }
        }
    }
}
