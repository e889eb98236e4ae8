package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.google.ServedTables.Change;
import io.modelbatch.warehouse.google.ServedTables.Write;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Statements that remove all rows of a table, or of a day of it. They leave "the table metadata intact", and remove whole partitions
 * without reading them (<a href="https://cloud.google.com/bigquery/docs/reference/standard-sql/dml-syntax">DML</a>).
 */
record ServedRemovals(ServedTables tables, ServedPermissions permissions) {
    private static final Pattern TRUNCATE = Pattern.compile("TRUNCATE TABLE `(?<table>[^`]+)`");
    private static final Pattern DELETE = Pattern.compile("DELETE FROM `(?<table>[^`]+)`"
            + " WHERE (?:_PARTITIONDATE|DATE\\(`(?<column>[^`]+)`\\)) = DATE '(?<day>[^']+)'");

    /** True where the job was such a statement. */
    boolean remove(ServedJob job) throws SQLException, InterruptedException {
        String sql = job.task().path("query").asString("");
        Matcher truncate = TRUNCATE.matcher(sql);
        Matcher delete = DELETE.matcher(sql);
        if (truncate.matches()) {
            remove(job, truncate.group("table"), "");
        } else if (delete.matches()) {
            refuseOtherColumn(job, delete);
            remove(job, delete.group("table"), "$" + delete.group("day").replace("-", ""));
        }
        return truncate.matches() || delete.matches();
    }

    private void refuseOtherColumn(ServedJob job, Matcher delete) {
        ServedTable table = tables.find(name(delete.group("table"), ""), job.location());
        String column = Optional.ofNullable(delete.group("column")).orElse(ServedTables.INGESTED);
        if (!table.partitionColumn().equals(Optional.of(column))) {
            throw RefusedException.invalidQuery("Unrecognized name: " + column);
        }
    }

    private void remove(ServedJob job, String path, String partition) throws SQLException, InterruptedException {
        ServedName name = name(path, partition);
        ServedTable table = tables.find(name, job.location());
        Change change = new Change(name, job.location(), Write.TRUNCATE_DATA, false, Map.of());
        tables.requireToWrite(change, permissions);
        tables.write(change, "SELECT * FROM " + table.rows() + " WHERE false", job::running);
    }

    private static ServedName name(String path, String partition) {
        String[] parts = path.split("\\.");
        int last = parts.length - 1;
        return new ServedName(parts[0], parts[last - 1], parts[last] + partition);
    }
}
