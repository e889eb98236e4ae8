package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.StandardSQLTypeName;
import io.modelbatch.warehouse.QueryText;
import io.modelbatch.warehouse.WarehouseException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values as BigQuery's typed parameters. No value ever becomes part of a query's text. */
final class QueryParameters {
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSxxx");

    private QueryParameters() {}

    /** Those that the query uses. */
    static Map<String, QueryParameterValue> of(QueryText query, Map<String, Object> values) {
        Map<String, QueryParameterValue> parameters = new TreeMap<>();
        query.parameters().forEach(name -> parameters.put(name, of(name, QueryText.value(name, values))));
        return parameters;
    }

    private static QueryParameterValue of(String name, Object value) {
        if (value instanceof List<?> list) {
            if (list.isEmpty()) {
                throw new WarehouseException("The parameter @" + name + " is an empty list, so its type is unknown");
            }
            QueryParameterValue[] elements =
                    list.stream().map(element -> of(name, element)).toArray(QueryParameterValue[]::new);
            return QueryParameterValue.newBuilder()
                    .setType(StandardSQLTypeName.ARRAY)
                    .setArrayType(elements[0].getType())
                    .setArrayValues(List.of(elements))
                    .build();
        }
        return scalar(value);
    }

    private static QueryParameterValue scalar(Object value) {
        if (value instanceof String text) {
            return QueryParameterValue.string(text);
        }
        if (value instanceof Long number) {
            return QueryParameterValue.int64(number);
        }
        if (value instanceof Double number) {
            return QueryParameterValue.float64(number);
        }
        if (value instanceof Boolean truth) {
            return QueryParameterValue.bool(truth);
        }
        if (value instanceof LocalDate day) {
            return QueryParameterValue.date(day.toString());
        }
        if (value instanceof Instant moment) {
            return QueryParameterValue.timestamp(TIMESTAMP.format(moment.atOffset(ZoneOffset.UTC)));
        }
        throw new IllegalArgumentException(
                "No parameter is a " + value.getClass().getName());
    }
}
