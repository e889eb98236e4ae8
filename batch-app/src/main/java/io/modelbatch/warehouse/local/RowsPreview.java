package io.modelbatch.warehouse.local;

import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.KeyErrors;
import io.modelbatch.warehouse.Preview;
import io.modelbatch.warehouse.WarehouseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts what the rows of a query hold, before they are pinned. Keeps none of them.
 *
 * @param duckdb with the query's tables
 * @param query the query
 */
record RowsPreview(Connection duckdb, PreparedQuery query) {
    /** A check of many jobs looks at several at a time, and has to end soon. */
    private static final int SECONDS = 3;

    private static final String MEMORY = "256MB";
    private static final String OUT_OF_MEMORY = "Out of Memory Error";

    /** Before the configuration is locked. Nothing is spilled to the disk either: a check leaves no files. */
    static void limitMemory(Connection duckdb) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute("SET memory_limit = '" + MEMORY + "'");
            statement.execute("SET temp_directory = ''");
        }
    }

    /**
     * Counts.
     *
     * @return empty when it takes too much time or memory
     * @throws WarehouseException when a key is null or occurs twice
     */
    Optional<Preview.Rows> of(Extraction extraction) throws SQLException {
        List<String> columns = extraction.uses().stream()
                .map(Extraction.Use::column)
                .distinct()
                .toList();
        try (PreparedStatement statement = query.in(duckdb, counts(extraction.key(), columns), "\n)")) {
            statement.setQueryTimeout(SECONDS);
            ResultSet counted = statement.executeQuery();
            counted.next();
            long rows = counted.getLong(1);
            if (counted.getLong(2) < rows || counted.getLong(3) < rows) {
                refuseKey(extraction.key(), rows - counted.getLong(2));
            }
            Map<String, Preview.Values> values = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                values.put(
                        columns.get(i),
                        new Preview.Values(
                                rows - counted.getLong(2 * i + 4),
                                counted.getInt(2 * i + 5),
                                few(columns.get(i), extraction)));
            }
            return Optional.of(new Preview.Rows(rows, values));
        } catch (SQLTimeoutException e) {
            return Optional.empty();
        } catch (SQLException e) {
            if (String.valueOf(e.getMessage()).startsWith(OUT_OF_MEMORY)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private List<String> few(String column, Extraction extraction) throws SQLException {
        List<String> values = new ArrayList<>();
        if (extraction.uses().stream()
                .anyMatch(use -> use.column().equals(column) && use.variety() == Extraction.Use.Variety.FEW)) {
            String text = "CAST(" + DuckDb.name(column) + " AS VARCHAR)";
            try (PreparedStatement statement = query.in(
                    duckdb,
                    "SELECT DISTINCT " + text + " FROM (",
                    "\n) WHERE " + DuckDb.name(column) + " IS NOT NULL ORDER BY 1 LIMIT " + Preview.Values.MOST)) {
                statement.setQueryTimeout(SECONDS);
                ResultSet found = statement.executeQuery();
                while (found.next()) {
                    values.add(found.getString(1));
                }
            }
        }
        return values;
    }

    private static String counts(String key, List<String> columns) {
        StringBuilder select =
                new StringBuilder("SELECT count(*), count(%1$s), count(DISTINCT %1$s)".formatted(DuckDb.name(key)));
        for (String column : columns) {
            String text = "CAST(" + DuckDb.name(column) + " AS VARCHAR)";
            select.append(
                    ", count(%1$s), CASE WHEN min(%1$s) IS NULL THEN 0 WHEN min(%1$s) = max(%1$s) THEN 1 ELSE 2 END"
                            .formatted(text));
        }
        return select.append(" FROM (").toString();
    }

    private void refuseKey(String key, long nulls) throws SQLException {
        if (nulls > 0) {
            throw KeyErrors.isNull(key, nulls);
        }
        String name = DuckDb.name(key);
        try (PreparedStatement statement = query.in(
                duckdb,
                "SELECT CAST(" + name + " AS VARCHAR), count(*) FROM (",
                "\n) GROUP BY " + name + " HAVING count(*) > 1 ORDER BY 1 LIMIT 1")) {
            statement.setQueryTimeout(SECONDS);
            ResultSet twin = statement.executeQuery();
            twin.next();
            throw KeyErrors.occursTwice(key, twin.getString(1), twin.getLong(2));
        }
    }
}
