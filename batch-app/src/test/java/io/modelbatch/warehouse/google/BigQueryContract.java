package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobConfiguration;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The answers of BigQuery to Google's own clients, where nothing fails. The contract server is held to it, and the live test kit holds
 * the service to it: a difference is a mistake of the contract server.
 *
 * <p>The place may be shared by the tests of a class and by other classes, so each test has names of its own for what it makes.
 */
public abstract class BigQueryContract {
    /** More than any test bills: the minimum is 10 MiB for each table that a query names. */
    private static final long MOST_BYTES = 100L << 20;

    private static final long PAUSE_MILLIS = 5;

    /** Where the test runs. */
    protected abstract BigQueryPlace place();

    final TableId table(String name) {
        return TableId.of(place().dataset(), name);
    }

    /** An id that no other job has. */
    final JobId id(String name) {
        return JobId.newBuilder()
                .setJob(place().jobs() + name + "-" + UUID.randomUUID())
                .setLocation(place().location())
                .build();
    }

    /** A query whose tables are those of the place. */
    final QueryJobConfiguration.Builder query(String sql) {
        return QueryJobConfiguration.newBuilder(sql)
                .setDefaultDataset(place().dataset())
                .setMaximumBytesBilled(MOST_BYTES);
    }

    final Job run(JobConfiguration configuration) throws InterruptedException {
        return run(id("job"), configuration);
    }

    /** Runs a job to its end, also where it fails. */
    final Job run(JobId id, JobConfiguration configuration) throws InterruptedException {
        return await(place().bigQuery().create(JobInfo.of(id, configuration)));
    }

    final Job await(Job job) throws InterruptedException {
        while (!job.isDone()) {
            Thread.sleep(PAUSE_MILLIS);
        }
        return again(job);
    }

    /** As it is now; {@code reload} throws where a job failed. */
    final Job again(Job job) {
        return Objects.requireNonNull(place().bigQuery().getJob(job.getJobId()));
    }

    final void succeed(JobConfiguration configuration) throws InterruptedException {
        BigQueryError error = error(configuration);
        if (error != null) {
            throw new AssertionError("A job failed: " + error.getReason() + ": " + error.getMessage());
        }
    }

    final @Nullable BigQueryError error(JobConfiguration configuration) throws InterruptedException {
        return run(configuration).getStatus().getError();
    }

    /** The message of a job that must fail. */
    final String refusal(JobConfiguration configuration) throws InterruptedException {
        BigQueryError error = error(configuration);
        return error == null ? "(the job succeeded)" : String.valueOf(error.getMessage());
    }

    /** Lines of JSON as an object; its address. */
    final String json(String name, String... lines) throws IOException {
        place().put(name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        return place().objects() + name;
    }

    final LoadJobConfiguration.Builder load(String table, String... uris) {
        return LoadJobConfiguration.newBuilder(table(table), List.of(uris), FormatOptions.json());
    }

    /** Loads lines of JSON into a new table. */
    final TableId loaded(String name, Schema schema, String... lines) throws IOException, InterruptedException {
        succeed(load(name, json(name, lines)).setSchema(schema).build());
        return table(name);
    }

    /** The rows of a table by REST, in the order of their texts; a list or record in brackets. */
    final List<String> rows(String table) {
        Schema schema = Objects.requireNonNull(place().bigQuery().getTable(table(table)))
                .<StandardTableDefinition>getDefinition()
                .getSchema();
        List<String> rows = new ArrayList<>();
        place().bigQuery()
                .listTableData(table(table), Objects.requireNonNull(schema))
                .iterateAll()
                .forEach(row -> rows.add(text(row)));
        rows.sort(Comparator.naturalOrder());
        return rows;
    }

    private static String text(FieldValueList values) {
        return values.stream().map(BigQueryContract::text).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String text(FieldValue value) {
        if (value.isNull()) {
            return "null";
        }
        return switch (value.getAttribute()) {
            case REPEATED, RECORD ->
                value.getRepeatedValue().stream()
                        .map(BigQueryContract::text)
                        .collect(Collectors.joining(", ", "[", "]"));
            default -> value.getStringValue();
        };
    }

    static String[] lines(int count, IntFunction<String> line) {
        String[] lines = new String[count];
        Arrays.setAll(lines, line);
        return lines;
    }
}
