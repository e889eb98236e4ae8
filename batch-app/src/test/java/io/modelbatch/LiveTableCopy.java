package io.modelbatch;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A table of BigQuery as a table of DuckDB, so that the SQL of a contract can be asked of it. */
record LiveTableCopy(BigQuery bigQuery, TableId table, Path folder) {
    /** The result of a SELECT from {@code copy}. */
    List<List<@Nullable Object>> rows(String sql) throws SQLException {
        Table there = Objects.requireNonNull(bigQuery.getTable(table), table + " is not there");
        Schema schema = Objects.requireNonNull(there.getDefinition().getSchema());
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            String columns = schema.getFields().stream()
                    .map(field -> "\"" + field.getName() + "\": '" + type(field) + "'")
                    .collect(Collectors.joining(", ", "{", "}"));
            statement.execute("CREATE TABLE copy AS SELECT * FROM read_json('" + write(schema)
                    + "', format = 'newline_delimited', columns = " + columns + ")");
            return select(statement, sql);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<List<@Nullable Object>> select(Statement statement, String sql) throws SQLException {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                List<@Nullable Object> row = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.add(found.getObject(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private Path write(Schema schema) throws IOException {
        JsonMapper json = JsonMapper.shared();
        List<String> lines = new ArrayList<>();
        for (FieldValueList row : bigQuery.listTableData(table, schema).iterateAll()) {
            lines.add(json.writeValueAsString(record(schema.getFields(), row)));
        }
        return Files.write(Files.createTempFile(folder, "copy", ".jsonl"), lines);
    }

    private static Map<String, @Nullable Object> record(List<Field> fields, List<FieldValue> values) {
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            record.put(fields.get(i).getName(), value(fields.get(i), values.get(i)));
        }
        return record;
    }

    private static @Nullable Object value(Field field, FieldValue value) {
        if (value.isNull()) {
            return null;
        }
        if (value.getAttribute() == FieldValue.Attribute.REPEATED) {
            return value.getRepeatedValue().stream()
                    .map(element -> value(field, element))
                    .toList();
        }
        return field.getSubFields() == null
                ? value.getStringValue()
                : record(field.getSubFields(), value.getRecordValue());
    }

    private static String type(Field field) {
        String one = switch (field.getType().getStandardType()) {
            case STRING -> "VARCHAR";
            case INT64 -> "BIGINT";
            case FLOAT64 -> "DOUBLE";
            case STRUCT ->
                field.getSubFields().stream()
                        .map(sub -> "\"" + sub.getName() + "\" " + type(sub))
                        .collect(Collectors.joining(", ", "STRUCT(", ")"));
            default -> field.getType().getStandardType().name();
        };
        return field.getMode() == Field.Mode.REPEATED ? one + "[]" : one;
    }
}
