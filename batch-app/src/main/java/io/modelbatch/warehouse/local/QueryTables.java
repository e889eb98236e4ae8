package io.modelbatch.warehouse.local;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** The tables that a query reads, as DuckDB's own parser finds them. */
final class QueryTables {
    /** A query nests deeper than JSON usually does. Nothing here recurses. */
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private QueryTables() {}

    /** Their names, {@code dataset.table}, as the query writes them; none when it cannot be parsed. */
    static SortedSet<String> of(Connection duckdb, String sql) throws SQLException {
        SortedSet<String> tables = new TreeSet<>();
        try (PreparedStatement statement = duckdb.prepareStatement("SELECT json_serialize_sql(CAST(? AS VARCHAR))")) {
            statement.setString(1, sql);
            try (ResultSet tree = statement.executeQuery();
                    JsonParser parser = tree.next() ? JSON.createParser(tree.getString(1)) : JSON.createParser("")) {
                String dataset = "";
                for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                    if (token == JsonToken.VALUE_STRING && "schema_name".equals(parser.currentName())) {
                        dataset = parser.getString(); // the table's name follows in the same object
                    } else if (token == JsonToken.VALUE_STRING && "table_name".equals(parser.currentName())) {
                        tables.add(dataset + "." + parser.getString());
                    }
                }
            }
        }
        return tables;
    }
}
