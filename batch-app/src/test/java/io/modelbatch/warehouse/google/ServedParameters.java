package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.Field.Mode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The named parameters of a query, as typed literals. */
final class ServedParameters {
    private ServedParameters() {}

    /** By lower-case name. */
    static Map<String, String> literals(JsonNode parameters) {
        Map<String, String> literals = new HashMap<>();
        for (JsonNode parameter : parameters) {
            literals.put(
                    parameter.path("name").asString().toLowerCase(Locale.ROOT),
                    literal(parameter.path("parameterType"), parameter.path("parameterValue")));
        }
        return literals;
    }

    private static String literal(JsonNode type, JsonNode value) {
        String name = type.path("type").asString();
        if (name.equals("ARRAY")) {
            JsonNode element = type.path("arrayType");
            String elements = StreamSupport.stream(value.path("arrayValues").spliterator(), false)
                    .map(each -> literal(element, each))
                    .collect(Collectors.joining(", "));
            return "CAST([" + elements + "] AS " + duckdb(element.path("type").asString()) + "[])";
        }
        JsonNode text = value.path("value");
        String literal = text.isMissingNode() || text.isNull() ? "NULL" : ServedRows.literal(text.asString());
        return "CAST(" + literal + " AS " + duckdb(name) + ")";
    }

    private static String duckdb(String type) {
        return switch (type) {
            case "STRING", "INT64", "FLOAT64", "BOOL", "DATE", "TIMESTAMP" ->
                new ServedColumn("", ServedColumn.canonical(type), Mode.NULLABLE, List.of()).duckdb();
            default -> throw RefusedException.invalid("This server has no parameters of type " + type);
        };
    }
}
