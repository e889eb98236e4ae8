package io.modelbatch.source.google;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobConfiguration;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.JobStatistics.LoadStatistics;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.ParquetOptions;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import io.modelbatch.source.TableLoad;
import io.modelbatch.source.TableLoad.Mode;
import io.modelbatch.source.WarehouseException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts finished shards into a table by one load job, which BigQuery makes visible in one go. The job's id tells what it loads, so
 * what is asked twice is loaded once.
 */
final class LoadShards {
    /** BigQuery takes no more in one job. */
    private static final int MOST_SHARDS = 10_000;

    private static final int ALREADY_EXISTS = 409;

    private final BigQuery client;
    private final Jobs jobs;
    private final TargetTables targets;

    LoadShards(BigQuery client, Jobs jobs, TargetTables targets) {
        this.client = client;
        this.jobs = jobs;
        this.targets = targets;
    }

    /** Rows of the table afterwards. */
    long load(TableLoad load) {
        TableLoad.Target target = load.target();
        targets.refuseOtherPartitions(target);
        if (load.shards().size() > MOST_SHARDS) {
            throw new WarehouseException(
                    "The result for " + target + " has " + load.shards().size()
                            + " shards, and BigQuery loads at most " + MOST_SHARDS
                            + " at once; the table is unchanged. Give 'infer' larger blocks: block: { rows: 65536 }");
        }
        if (load.shards().isEmpty()) {
            loadNothing(load);
        } else {
            loadRows(load);
        }
        return targets.rows(target);
    }

    private void loadRows(TableLoad load) {
        Job done = jobs.run(task(load, configuration(load)));
        long rows = Objects.requireNonNull(done.<LoadStatistics>getStatistics().getOutputRows());
        if (rows != load.rows()) {
            throw new WarehouseException("The shards for " + load.target() + " hold " + rows
                    + " rows, and their manifest says " + load.rows() + "; the table has them now, by BigQuery's job "
                    + done.getJobId().getJob() + ". Its state before is kept for time travel");
        }
    }

    private void loadNothing(TableLoad load) {
        create(load);
        if (load.target().mode() == Mode.REPLACE) {
            String none = load.columns().stream()
                    .map(column ->
                            "CAST(NULL AS " + sqlType(column, load.format()) + ") AS " + Names.quoted(column.name()))
                    .collect(Collectors.joining(", ", "SELECT ", " LIMIT 0"));
            jobs.run(task(
                    load,
                    QueryJobConfiguration.newBuilder(none)
                            .setDestinationTable(targets.destination(load.target()))
                            .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
                            .setTimePartitioning(days(load.target()))
                            .build()));
        }
    }

    private void create(TableLoad load) {
        StandardTableDefinition definition = StandardTableDefinition.newBuilder()
                .setSchema(schema(load))
                .setTimePartitioning(days(load.target()))
                .build();
        try {
            client.create(TableInfo.of(targets.whole(load.target()), definition));
        } catch (BigQueryException e) {
            if (e.getCode() != ALREADY_EXISTS) {
                throw Failures.explain(what(load), e);
            }
        }
    }

    private Jobs.Task task(TableLoad load, JobConfiguration configuration) {
        return new Jobs.Task(
                Names.id(
                        load.id(),
                        targets.destination(load.target()),
                        load.target().mode(),
                        load.format(),
                        load.columns(),
                        load.shards(),
                        load.rows()),
                what(load),
                configuration,
                done -> true,
                () -> {});
    }

    private static String what(TableLoad load) {
        return "Table " + load.target() + " could not be written, and is unchanged";
    }

    private LoadJobConfiguration configuration(TableLoad load) {
        boolean replaces = load.target().mode() == Mode.REPLACE;
        return LoadJobConfiguration.newBuilder(targets.destination(load.target()), load.shards(), format(load))
                .setSchema(schema(load))
                .setWriteDisposition(replaces ? WriteDisposition.WRITE_TRUNCATE : WriteDisposition.WRITE_APPEND)
                .setTimePartitioning(days(load.target()))
                .build();
    }

    private static FormatOptions format(TableLoad load) {
        return load.format().equals("parquet")
                ? ParquetOptions.newBuilder()
                        .setEnableListInference(true)
                        .setMapTargetType("ARRAY_OF_STRUCT")
                        .build()
                : FormatOptions.json();
    }

    private static @Nullable TimePartitioning days(TableLoad.Target target) {
        return target.day() == null ? null : TimePartitioning.of(TimePartitioning.Type.DAY);
    }

    private static Schema schema(TableLoad load) {
        return Schema.of(load.columns().stream()
                .map(column -> field(column, load.format()))
                .toList());
    }

    private static Field field(TableLoad.Column column, String format) {
        if (isScores(column) && format.equals("parquet")) {
            return Field.newBuilder(
                            column.name(),
                            StandardSQLTypeName.STRUCT,
                            Field.of("key", StandardSQLTypeName.STRING),
                            Field.of("value", StandardSQLTypeName.FLOAT64))
                    .setMode(Field.Mode.REPEATED)
                    .build();
        }
        return Field.of(column.name(), StandardSQLTypeName.valueOf(sqlType(column, format)));
    }

    /** An object of JSON lines can only become a JSON, and a map of Parquet only a list of pairs. */
    private static String sqlType(TableLoad.Column column, String format) {
        if (isScores(column)) {
            return format.equals("parquet") ? "ARRAY<STRUCT<key STRING, value FLOAT64>>" : "JSON";
        }
        return column.type().toUpperCase(Locale.ROOT);
    }

    private static boolean isScores(TableLoad.Column column) {
        return column.type().equals("scores");
    }
}
