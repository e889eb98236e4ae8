package io.modelbatch;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.TableId;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Makes tables in the service by load jobs, which are free. */
record LiveSeed(LivePlace place) {
    /** Enough for a model to learn something in seconds. */
    static final int ROWS = 1_500;

    /** Of lines of JSON. */
    void load(String table, Schema schema, String object, Path lines) throws IOException {
        place.put(object, lines);
        LoadJobConfiguration load = LoadJobConfiguration.newBuilder(
                        TableId.of(place.dataset(), table), List.of(place.objects() + object), FormatOptions.json())
                .setSchema(schema)
                .build();
        JobId id = JobId.newBuilder()
                .setJob(place.jobs() + "seed-" + UUID.randomUUID())
                .setLocation(place.location())
                .build();
        try {
            Job done = Objects.requireNonNull(
                    place.bigQuery().create(JobInfo.of(id, load)).waitFor());
            if (done.getStatus().getError() != null) {
                throw new IOException(table + ": " + done.getStatus().getError().getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Of the first lines of a CSV file that begins with a line of names. */
    void csv(String table, Path csv, Path folder) throws IOException, SQLException {
        Path lines = folder.resolve(table + ".jsonl");
        List<Field> fields = new ArrayList<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            try (ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM '" + csv + "'")) {
                while (columns.next()) {
                    fields.add(Field.of(columns.getString(1), type(columns.getString(2))));
                }
            }
            statement.execute("COPY (SELECT * FROM '" + csv + "' LIMIT " + ROWS + ") TO '" + lines + "' (FORMAT json)");
        }
        load(table, Schema.of(fields), "seeds/" + table, lines);
    }

    private static StandardSQLTypeName type(String duckdb) {
        return switch (duckdb) {
            case "BIGINT" -> StandardSQLTypeName.INT64;
            case "DATE" -> StandardSQLTypeName.DATE;
            default -> StandardSQLTypeName.STRING;
        };
    }
}
