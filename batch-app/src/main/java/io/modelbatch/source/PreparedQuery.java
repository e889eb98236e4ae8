package io.modelbatch.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A query in DuckDB with the values of its parameters.
 *
 * @param sql one SELECT, with {@code ?} for parameters
 * @param values in their order
 */
record PreparedQuery(String sql, List<Object> values) {
    /**
     * With the values of a run.
     *
     * @throws WarehouseException when it uses a parameter that there is not
     */
    static PreparedQuery of(QueryText query, Map<String, Object> parameters) {
        List<Object> values = new ArrayList<>();
        for (String name : query.parameters()) {
            Object value = QueryText.value(name, parameters);
            values.add(value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
        }
        return new PreparedQuery(query.sql(), List.copyOf(values));
    }

    /** A statement with this query between two texts. */
    PreparedStatement in(Connection duckdb, String before, String after) throws SQLException {
        PreparedStatement statement = duckdb.prepareStatement(before + sql + after);
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
        return statement;
    }

    /** The columns that it gives; it is not run. */
    QueryColumns columns(Connection duckdb) throws SQLException {
        List<QueryColumns.Column> columns = new ArrayList<>();
        try (PreparedStatement statement = in(duckdb, "DESCRIBE ", "");
                ResultSet found = statement.executeQuery()) {
            while (found.next()) {
                columns.add(new QueryColumns.Column(found.getString("column_name"), found.getString("column_type")));
            }
        }
        return new QueryColumns(columns);
    }
}
