package io.modelbatch.source.google;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobConfiguration;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.JobStatistics.LoadStatistics;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import io.modelbatch.source.TableLoad;
import io.modelbatch.source.TableLoad.Mode;
import io.modelbatch.source.WarehouseException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts finished shards into a table by one job, which BigQuery makes visible in one go. The job's id tells what it does, so what is
 * asked twice is loaded once.
 */
final class LoadShards {
    /** BigQuery takes no more in one load job. */
    static final int MOST_SHARDS = 10_000;

    private final BigQuery client;
    private final Jobs jobs;
    private final TargetTables targets;
    private final StageShards staging;

    LoadShards(BigQuery client, Jobs jobs, TargetTables targets, StageShards staging) {
        this.client = client;
        this.jobs = jobs;
        this.targets = targets;
        this.staging = staging;
    }

    /** Rows of the table afterwards. */
    long load(TableLoad load) {
        targets.refuseOtherPartitions(load.target());
        if (load.shards().isEmpty()) {
            loadNothing(load);
        } else if (staging.areTooMany(load.addresses())) {
            loadStaged(load);
        } else {
            loadAtOnce(load);
        }
        return targets.rows(load.target());
    }

    private void loadAtOnce(TableLoad load) {
        Job done = jobs.run(task(
                load,
                LoadJobConfiguration.newBuilder(
                                targets.destination(load.target()), load.addresses(), ShardFormat.options(load))
                        .setSchema(ShardFormat.schema(load))
                        .setWriteDisposition(disposition(load))
                        .setTimePartitioning(days(load.target()))
                        .build()));
        long rows = Objects.requireNonNull(done.<LoadStatistics>getStatistics().getOutputRows());
        if (rows != load.rows()) {
            throw new WarehouseException("The shards for " + load.target() + " hold " + rows
                    + " rows, and their manifest says " + load.rows() + "; the table has them now, by BigQuery's job "
                    + done.getJobId().getJob() + ". Its state before is kept for time travel");
        }
    }

    private void loadStaged(TableLoad load) {
        if (jobs.isDone(id(load), what(load))) {
            return;
        }
        TableId staged = staging.stage(load, id(load), what(load));
        jobs.run(task(load, into(load, "SELECT * FROM `" + Names.path(staged) + "`")));
        staging.remove(staged);
    }

    private void loadNothing(TableLoad load) {
        create(load);
        if (load.target().mode() == Mode.REPLACE) {
            jobs.run(task(load, into(load, ShardFormat.selectNothing(load))));
        }
    }

    private QueryJobConfiguration into(TableLoad load, String query) {
        return QueryJobConfiguration.newBuilder(query)
                .setDestinationTable(targets.destination(load.target()))
                .setWriteDisposition(disposition(load))
                .setTimePartitioning(days(load.target()))
                .setUseQueryCache(false)
                .build();
    }

    private void create(TableLoad load) {
        StandardTableDefinition definition = StandardTableDefinition.newBuilder()
                .setSchema(ShardFormat.schema(load))
                .setTimePartitioning(days(load.target()))
                .build();
        try {
            client.create(TableInfo.of(targets.whole(load.target()), definition));
        } catch (BigQueryException e) {
            if (!Failures.isThereAlready(e)) {
                throw Failures.explain(what(load), e);
            }
        }
    }

    private Jobs.Task task(TableLoad load, JobConfiguration configuration) {
        return new Jobs.Task(id(load), what(load), configuration, done -> true, () -> {});
    }

    private String id(TableLoad load) {
        return Names.id(
                load.id(),
                targets.destination(load.target()),
                load.target().mode(),
                load.format(),
                load.columns(),
                load.addresses(),
                load.rows());
    }

    private static String what(TableLoad load) {
        return "Table " + load.target() + " could not be written, and is unchanged";
    }

    private static WriteDisposition disposition(TableLoad load) {
        return load.target().mode() == Mode.REPLACE ? WriteDisposition.WRITE_TRUNCATE : WriteDisposition.WRITE_APPEND;
    }

    private static @Nullable TimePartitioning days(TableLoad.Target target) {
        return target.day() == null ? null : TimePartitioning.of(TimePartitioning.Type.DAY);
    }
}
