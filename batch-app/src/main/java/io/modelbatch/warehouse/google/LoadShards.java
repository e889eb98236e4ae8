package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobConfiguration;
import com.google.cloud.bigquery.JobStatistics.LoadStatistics;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.warehouse.TableLoad.Mode;
import io.modelbatch.warehouse.WarehouseException;
import java.util.List;
import java.util.Objects;

/**
 * Puts finished shards into a table by one job, which BigQuery makes visible atomically. The job's id tells what it does, so what is
 * asked twice is loaded once.
 */
final class LoadShards {
    /** BigQuery takes no more in one load job. */
    static final int MOST_SHARDS = 10_000;

    private final BigQuery client;
    private final BigQueryJobs jobs;
    private final TargetTables targets;
    private final StageShards staging;

    LoadShards(BigQuery client, BigQueryJobs jobs, TargetTables targets, StageShards staging) {
        this.client = client;
        this.jobs = jobs;
        this.targets = targets;
        this.staging = staging;
    }

    /** Rows of the table afterwards. */
    long load(TableLoad load) {
        TargetTable table = targets.see(load.target());
        if (!jobs.isDone(id(load), what(load))) {
            table.refuseOtherKinds();
            table.refuseChanges(ShardFormat.schema(load));
        }
        if (load.shards().isEmpty()) {
            loadNothing(load, table);
        } else if (isStaged(load, table)) {
            loadStaged(load, table);
        } else {
            loadAtOnce(load, table);
        }
        return targets.rows(load.target());
    }

    /** A load job takes rows as they are, and not too many files. A query gives them their day, and other modes. */
    private boolean isStaged(TableLoad load, TargetTable table) {
        return staging.areTooMany(load.addresses())
                || table.dayColumn().isPresent()
                || table.relaxes(ShardFormat.schema(load));
    }

    private void loadAtOnce(TableLoad load, TargetTable table) {
        Job done = jobs.run(task(
                load,
                LoadJobConfiguration.newBuilder(
                                targets.destination(load.target()), load.addresses(), ShardFormat.options(load))
                        .setSchema(table.adopt(ShardFormat.schema(load)))
                        .setWriteDisposition(table.disposition())
                        .setTimePartitioning(table.partitioning())
                        .setLabels(BigQueryNames.labels(load.labels()))
                        .build()));
        long rows = Objects.requireNonNull(done.<LoadStatistics>getStatistics().getOutputRows());
        if (rows != load.rows()) {
            throw new WarehouseException("The shards for " + load.target() + " hold " + rows
                    + " rows, but their manifest says " + load.rows() + "; the table was written by BigQuery's job "
                    + done.getJobId().getJob() + ". Its earlier state is kept for time travel");
        }
    }

    private void loadStaged(TableLoad load, TargetTable table) {
        if (jobs.isDone(id(load), what(load))) {
            return;
        }
        TableId staged = staging.stage(load, id(load), what(load));
        if (table.requires(ShardFormat.schema(load))) {
            merge(load, table, staged);
        } else {
            jobs.run(task(
                    load, into(load, table, "SELECT *" + day(table) + " FROM `" + BigQueryNames.path(staged) + "`")));
        }
        staging.remove(staged);
    }

    /** The columns of a query's result are never REQUIRED, and the service compares that. A statement is held to the values alone. */
    private void merge(TableLoad load, TargetTable table, TableId staged) {
        if (!table.isThere()) {
            create(load, table);
        }
        jobs.run(task(
                load,
                QueryJobConfiguration.newBuilder(
                                MergeRows.sql(table, ShardFormat.schema(load), targets.whole(load.target()), staged))
                        .setLabels(BigQueryNames.labels(load.labels()))
                        .build()));
    }

    private void loadNothing(TableLoad load, TargetTable table) {
        if (!table.isThere()) {
            create(load, table);
        }
        if (load.target().mode() == Mode.REPLACE) {
            jobs.run(task(
                    load,
                    QueryJobConfiguration.newBuilder(removal(load, table))
                            .setLabels(BigQueryNames.labels(load.labels()))
                            .build()));
        }
    }

    /** A statement that removes all rows of the target and leaves the table as it is. Whole partitions go for free. */
    private String removal(TableLoad load, TargetTable table) {
        String path = "`" + BigQueryNames.path(targets.whole(load.target())) + "`";
        return load.target().day() == null
                ? "TRUNCATE TABLE " + path
                : "DELETE FROM " + path + " WHERE "
                        + table.dayColumn()
                                .map(column -> "DATE(" + BigQueryNames.quoted(column.getName()) + ")")
                                .orElse("_PARTITIONDATE")
                        + " = DATE '" + load.target().day() + "'";
    }

    /** The column of the day, where the table has one. */
    private static String day(TargetTable table) {
        return table.dayColumn()
                .map(column -> ", CAST('" + table.target().day() + "' AS " + ShardFormat.sqlType(column) + ") AS "
                        + BigQueryNames.quoted(column.getName()))
                .orElse("");
    }

    private QueryJobConfiguration into(TableLoad load, TargetTable table, String query) {
        return QueryJobConfiguration.newBuilder(query)
                .setDestinationTable(targets.destination(load.target()))
                .setWriteDisposition(table.disposition())
                .setTimePartitioning(table.partitioning())
                .setLabels(BigQueryNames.labels(load.labels()))
                .setUseQueryCache(false)
                .build();
    }

    private void create(TableLoad load, TargetTable table) {
        StandardTableDefinition definition = StandardTableDefinition.newBuilder()
                .setSchema(ShardFormat.schema(load))
                .setTimePartitioning(table.partitioning())
                .build();
        try {
            client.create(TableInfo.of(targets.whole(load.target()), definition));
        } catch (BigQueryException e) {
            if (!BigQueryFailures.isThereAlready(e)) {
                throw BigQueryFailures.explain(what(load), e);
            }
        }
    }

    private BigQueryJobs.Task task(TableLoad load, JobConfiguration configuration) {
        return new BigQueryJobs.Task(id(load), what(load), configuration, done -> true, () -> {});
    }

    private String id(TableLoad load) {
        return BigQueryNames.id(
                load.id(),
                targets.destination(load.target()),
                load.target().mode(),
                load.format(),
                words(load.columns()),
                load.addresses(),
                load.rows());
    }

    /** The columns in the words of the first version: a load that it began is found by its id, which is made of them. */
    static List<String> words(List<RecordSchema.Field> columns) {
        return columns.stream()
                .map(column -> "Column[name=" + column.name() + ", type="
                        + column.type().word() + "]")
                .toList();
    }

    private static String what(TableLoad load) {
        return "Table " + load.target() + " could not be written, and is unchanged";
    }
}
