package io.modelbatch.warehouse.local;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The syntax tree of a query, as DuckDB's parser makes it. Operators, casts and subscripts that DuckDB and BigQuery compute differently
 * become calls of the macros of {@link SqlFunctions}.
 */
final class DuckDbTree {
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build());
    private static final Map<String, String> OPERATORS = Map.of("/", "quotient", "~~", "like", "!~~", "not_like");
    private static final Map<String, String> CASTS = Map.of(
            "VARCHAR", "cast_string",
            "BIGINT", "cast_int64",
            "DOUBLE", "cast_float64",
            "BOOLEAN", "cast_bool",
            "DATE", "cast_date",
            "TIMESTAMP", "cast_datetime",
            "TIMESTAMP WITH TIME ZONE", "cast_timestamp",
            "BLOB", "cast_bytes");

    /** The largest number of 64 bits. */
    private static final String NOWHERE = "18446744073709551615";

    private DuckDbTree() {}

    /** The query with the meaning that it has in BigQuery. */
    static String rewritten(Connection duckdb, String sql) throws SQLException {
        JsonNode tree = JSON.readTree(Objects.requireNonNull(
                text(duckdb, "SELECT json_serialize_sql(CAST(? AS VARCHAR))", sql), "DuckDB gives a tree"));
        rewrite(tree);
        return Objects.requireNonNull(
                text(duckdb, "SELECT json_deserialize_sql(CAST(? AS JSON))", JSON.writeValueAsString(tree)));
    }

    private static @Nullable String text(Connection duckdb, String function, String argument) throws SQLException {
        try (PreparedStatement statement = duckdb.prepareStatement(function)) {
            statement.setString(1, argument);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    private static void rewrite(JsonNode node) {
        for (JsonNode child : node) {
            rewrite(child);
        }
        if (node instanceof ObjectNode object) {
            switch (object.path("class").asString("")) {
                case "FUNCTION" -> operator(object);
                case "CAST" -> cast(object);
                case "OPERATOR" -> subscript(object);
                case "CONSTANT" -> real(object);
                default -> {}
            }
        }
    }

    private static void operator(ObjectNode node) {
        Optional.ofNullable(OPERATORS.get(node.path("function_name").asString()))
                .filter(macro -> node.path("is_operator").asBoolean())
                .ifPresent(macro ->
                        node.put("function_name", DuckDbSql.OWN + macro).put("is_operator", false));
    }

    private static void cast(ObjectNode node) {
        String macro = CASTS.get(node.path("cast_type").path("id").asString());
        if (macro != null && !isTruth(node)) {
            boolean safe = node.path("try_cast").asBoolean();
            call(
                    node,
                    DuckDbSql.OWN + (safe ? "safe_" : "") + macro,
                    node.arrayNode().add(node.get("child")));
        }
    }

    /** The parser makes {@code CAST('t' AS BOOLEAN)} of {@code true}, which stands nowhere in the query. */
    private static boolean isTruth(ObjectNode cast) {
        return cast.path("cast_type").path("id").asString().equals("BOOLEAN")
                && cast.path("child").path("value").path("value").asString("").matches("[tf]")
                && cast.path("query_location").asString().equals(NOWHERE);
    }

    /** As SQL the constant 0.1 would be a decimal. */
    private static void real(ObjectNode node) {
        ObjectNode constant = node.deepCopy().put("alias", "");
        if (constant.path("value") instanceof ObjectNode value
                && value.path("type").path("id").asString("").equals("DOUBLE")) {
            ((ObjectNode) value.get("type")).put("id", "VARCHAR");
            value.put("value", value.path("value").asString());
            call(node, DuckDbSql.OWN + "double", node.arrayNode().add(constant));
        }
    }

    /** An index counts from 0 in BigQuery, and an element that is not there fails. */
    private static void subscript(ObjectNode node) {
        if (node.path("type").asString().equals("ARRAY_EXTRACT")) {
            JsonNode index = node.path("children").get(1);
            String name = index.path("function_name").asString("");
            boolean named = name.startsWith(DuckDbSql.OWN);
            ArrayNode arguments = node.arrayNode().add(node.path("children").get(0));
            call(
                    node,
                    named ? name : DuckDbSql.OWN + "offset",
                    arguments.add(named ? index.path("children").get(0) : index));
        }
    }

    private static void call(ObjectNode node, String macro, ArrayNode arguments) {
        JsonNode alias = node.get("alias");
        JsonNode location = node.get("query_location");
        node.removeAll();
        node.put("class", "FUNCTION").put("type", "FUNCTION");
        node.set("alias", alias);
        node.set("query_location", location);
        node.put("function_name", macro).put("schema", "");
        node.set("children", arguments);
        node.putNull("filter");
        node.putObject("order_bys").put("type", "ORDER_MODIFIER").putArray("orders");
        node.put("distinct", false)
                .put("is_operator", false)
                .put("export_state", false)
                .put("catalog", "");
    }
}
