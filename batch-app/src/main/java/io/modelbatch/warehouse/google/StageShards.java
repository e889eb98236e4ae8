package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.warehouse.WarehouseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the rows of more shards than one load job takes in a table of their own, by several jobs, for one query to put them into their
 * table atomically.
 */
final class StageShards {
    private static final Logger log = LoggerFactory.getLogger(StageShards.class);

    private static final Duration KEPT = Duration.ofDays(7);

    private final BigQuery client;
    private final BigQueryJobs jobs;
    private final DatasetId dataset;
    private final int most;

    /**
     * Collects in a dataset.
     *
     * @param most shards of one job
     */
    StageShards(BigQuery client, BigQueryJobs jobs, DatasetId dataset, int most) {
        this.client = client;
        this.jobs = jobs;
        this.dataset = dataset;
        this.most = most;
    }

    boolean areTooMany(List<String> shards) {
        return shards.size() > most;
    }

    /**
     * A table with all rows.
     *
     * @param name unique to the load
     * @param what the action, which begins the sentence that says why it failed
     */
    TableId stage(TableLoad load, String name, String what) {
        TableId id = TableId.of(dataset.getProject(), dataset.getDataset(), name + "-staged");
        Table table = created(id, load, what);
        for (int from = 0; from < load.shards().size(); from += most) {
            List<String> shards = load.addresses()
                    .subList(from, Math.min(from + most, load.shards().size()));
            jobs.run(new BigQueryJobs.Task(
                    BigQueryNames.id(name + "-" + from, table.getCreationTime(), most),
                    what,
                    LoadJobConfiguration.newBuilder(id, shards, ShardFormat.options(load))
                            .setSchema(ShardFormat.schema(load))
                            .setWriteDisposition(WriteDisposition.WRITE_APPEND)
                            .setLabels(BigQueryNames.labels(load.labels()))
                            .build(),
                    done -> true,
                    () -> {}));
        }
        long rows = rows(id, what);
        if (rows != load.rows()) {
            throw new WarehouseException(
                    what + ": the shards hold " + rows + " rows, but their manifest says " + load.rows());
        }
        return id;
    }

    /** It expires by itself where this fails. */
    void remove(TableId staged) {
        try {
            client.delete(staged);
        } catch (BigQueryException e) {
            log.warn("The table {} is left until it expires: {}", BigQueryNames.path(staged), e.getMessage());
        }
    }

    /** When it was made is part of the jobs' ids: what was loaded into one that is gone is loaded again. */
    private Table created(TableId id, TableLoad load, String what) {
        TableInfo table = TableInfo.newBuilder(id, StandardTableDefinition.of(ShardFormat.schema(load)))
                .setLabels(BigQueryNames.labels(load.labels()))
                .setExpirationTime(Instant.now().plus(KEPT).toEpochMilli())
                .build();
        try {
            return client.create(table);
        } catch (BigQueryException e) {
            if (!BigQueryFailures.isThereAlready(e)) {
                throw BigQueryFailures.explain(what, e);
            }
            return found(id, what);
        }
    }

    private Table found(TableId id, String what) {
        try {
            return Objects.requireNonNull(client.getTable(id), "The staged rows have disappeared");
        } catch (BigQueryException e) {
            throw BigQueryFailures.explain(what, e);
        }
    }

    private long rows(TableId id, String what) {
        return Objects.requireNonNull(
                found(id, what).<StandardTableDefinition>getDefinition().getNumRows());
    }
}
