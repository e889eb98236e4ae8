package io.modelbatch.warehouse.local;

import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.QueryColumns;
import io.modelbatch.warehouse.QueryText;
import io.modelbatch.warehouse.WarehouseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * A query in DuckDB with the values of its parameters.
 *
 * @param sql one SELECT, with {@code $1} and so on for parameters
 * @param values in their order
 */
record PreparedQuery(String sql, List<Object> values) {
    /**
     * A query in GoogleSQL, as DuckDB understands it, with the values of a run.
     *
     * @throws WarehouseException when it uses a parameter that there is not, or would not give the rows that BigQuery gives
     */
    static PreparedQuery of(Connection duckdb, Extraction extraction) throws SQLException {
        List<Object> values = new ArrayList<>();
        for (String name : QueryText.of(extraction.query()).parameters()) {
            Object value = QueryText.value(name, extraction.parameters());
            values.add(value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
        }
        String sql = DuckDbSql.of(QueryText.tokens(extraction.query()));
        SingleSelectCheck.verify(duckdb, sql);
        return new PreparedQuery(DuckDbTree.rewritten(duckdb, sql), List.copyOf(values));
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
