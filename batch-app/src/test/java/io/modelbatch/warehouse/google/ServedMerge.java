package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.google.ServedTables.Change;
import io.modelbatch.warehouse.google.ServedTables.Write;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A MERGE whose condition is the constant FALSE, which the service runs as an INSERT and a DELETE at once
 * (<a href="https://cloud.google.com/bigquery/docs/reference/standard-sql/dml-syntax#merge_statement">MERGE statement</a>): as dbt's
 * strategy {@code insert_overwrite} replaces partitions
 * (<a href="https://github.com/dbt-labs/dbt-adapters">dbt-bigquery</a>), those of ingestion time by the column {@code _PARTITIONTIME}.
 * A mode is not compared, and a null in a REQUIRED column is refused.
 */
record ServedMerge(ServedTables tables, ServedPermissions permissions) {
    private static final String INGESTED = "_PARTITIONTIME";

    private static final Pattern MERGE =
            Pattern.compile("MERGE `(?<table>[^`]+)` AS t USING `(?<rows>[^`]+)` AS s ON FALSE"
                    + "(?<delete> WHEN NOT MATCHED BY SOURCE(?: AND DATE\\(t\\.(?<column>\\S+)\\) = DATE '(?<day>[^']+)')? THEN DELETE)?"
                    + " WHEN NOT MATCHED THEN INSERT \\((?<columns>[^)]+)\\) VALUES \\((?<values>.+)\\)");

    /** True where the job was such a statement. */
    boolean merge(ServedJob job) throws SQLException, InterruptedException {
        Matcher merge = MERGE.matcher(job.task().path("query").asString(""));
        if (!merge.matches()) {
            return false;
        }
        Map<String, String> values = values(merge);
        ServedTable table = tables.find(name(merge.group("table"), ""), job.location());
        ServedTable rows = tables.find(name(merge.group("rows"), ""), job.location());
        permissions.requireForTable(BigQueryServer.Permission.READ_TABLES, rows.name());
        String partition = partition(merge, values, table);
        Change change = new Change(
                name(merge.group("table"), partition),
                job.location(),
                merge.group("delete") == null ? Write.APPEND : Write.TRUNCATE_DATA,
                false,
                Map.of());
        permissions.requireForTable(BigQueryServer.Permission.WRITE_TABLES, table.name());
        tables.write(change, select(values, table, rows, change), job::running);
        return true;
    }

    private String select(Map<String, String> values, ServedTable table, ServedTable rows, Change change)
            throws SQLException {
        String given = values.entrySet().stream()
                .filter(value -> !value.getKey().equals(INGESTED))
                .map(value -> value.getValue().replace('`', '"') + " AS " + ServedRows.name(value.getKey()))
                .collect(Collectors.joining(", ", "(SELECT ", " FROM " + rows.rows() + ")"));
        List<ServedColumn> columns = tables.columns(table);
        Map<String, String> types = tables.describe("SELECT * FROM " + given);
        for (String column : types.keySet()) {
            if (columns.stream().noneMatch(there -> there.name().equals(column))) {
                throw RefusedException.invalidQuery("Column " + column + " is not present in table " + table.name());
            }
        }
        tables.refuseOtherDays(change.table().partition(), table.settings(), given);
        return "SELECT " + ServedFit.values(columns, types) + ServedLoads.ingested(change, table.settings()) + " FROM "
                + given;
    }

    /** The rows that are replaced: the day that the rows have, where the statement names one. */
    private static String partition(Matcher merge, Map<String, String> values, ServedTable table) {
        if (merge.group("day") == null && !values.containsKey(INGESTED)) {
            return "";
        }
        String column =
                Optional.ofNullable(merge.group("column")).orElse(INGESTED).replace("`", "");
        if (!table.partitionColumn().equals(Optional.of(column))) {
            throw RefusedException.invalidQuery("Unrecognized name: " + column);
        }
        String day = values.get(column).replaceFirst("CAST\\('(....-..-..)' AS \\w+\\)", "$1");
        if (merge.group("day") != null && !merge.group("day").equals(day)) {
            throw RefusedException.invalidQuery("This server replaces the day of the rows, " + day);
        }
        return "$" + day.replace("-", "");
    }

    private static Map<String, String> values(Matcher merge) {
        List<String> columns = Arrays.asList(merge.group("columns").split(", "));
        List<String> values = Arrays.asList(merge.group("values").split(", "));
        if (columns.size() != values.size()) {
            throw RefusedException.invalidQuery("Inserted row has wrong column count");
        }
        Map<String, String> byColumn = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            byColumn.put(columns.get(i).replace("`", ""), values.get(i));
        }
        return byColumn;
    }

    private static ServedName name(String path, String partition) {
        String[] parts = path.split("\\.");
        int last = parts.length - 1;
        return new ServedName(parts[0], parts[last - 1], parts[last] + partition);
    }
}
