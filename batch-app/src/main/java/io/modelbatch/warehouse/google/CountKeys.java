package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableResult;
import com.google.common.collect.Lists;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.WarehouseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Counts the rows and keys of each bucket of a pinned table, and refuses keys that are null or occur twice. */
final class CountKeys {
    private static final String CANNOT_COUNT = "The keys of the pinned rows cannot be counted";
    /** BigQuery keeps results of queries for a day. */
    private static final Duration KEPT = Duration.ofHours(12);

    private final BigQueryJobs jobs;

    CountKeys(BigQueryJobs jobs) {
        this.jobs = jobs;
    }

    /** The counts of each bucket that has rows. */
    record Counted(String key, List<FieldValueList> buckets) {
        /**
         * Rows of each bucket.
         *
         * @param all number of buckets
         * @throws WarehouseException when a key is null or occurs twice
         */
        List<Long> rows(int all) {
            List<Long> rows = new ArrayList<>(Collections.nCopies(all, 0L));
            for (FieldValueList bucket : buckets) {
                refuse(bucket, key);
                rows.set(
                        (int) bucket.get("part").getLongValue(),
                        bucket.get("row_count").getLongValue());
            }
            return List.copyOf(rows);
        }
    }

    /**
     * Counts.
     *
     * @param maxBytes a count that would bill more is refused; null for no limit
     */
    Counted count(Table table, Extraction extraction, @Nullable Long maxBytes) {
        String key = extraction.key();
        String path = BigQueryNames.path(table.getTableId());
        String sql = "SELECT part, SUM(n) AS row_count, SUM(IF(k IS NULL, n, 0)) AS nulls,"
                + " MAX(IF(k IS NULL, 0, n)) AS most, MAX_BY(CAST(k AS STRING), IF(k IS NULL, 0, n)) AS twin FROM (SELECT "
                + PinnedTables.PART + " AS part, " + BigQueryNames.quoted(key) + " AS k, COUNT(*) AS n FROM `" + path
                + "` GROUP BY part, k) GROUP BY part";
        Job done = jobs.run(new BigQueryJobs.Task(
                BigQueryNames.id(table.getTableId().getTable() + "-keys", path, table.getCreationTime(), sql),
                CANNOT_COUNT,
                QueryJobConfiguration.newBuilder(sql)
                        .setLabels(BigQueryNames.labels(extraction.billing().labels()))
                        .setMaximumBytesBilled(maxBytes)
                        .build(),
                job -> job.getStatistics().getEndTime() > System.currentTimeMillis() - KEPT.toMillis(),
                () -> {}));
        return new Counted(key, List.copyOf(Lists.newArrayList(result(done).iterateAll())));
    }

    private static void refuse(FieldValueList part, String key) {
        long nulls = part.get("nulls").getLongValue();
        if (nulls > 0) {
            throw new WarehouseException("The key column '" + key + "' is null in " + nulls
                    + " rows; a key must name its row. Leave them out: WHERE " + key + " IS NOT NULL");
        }
        long most = part.get("most").getLongValue();
        if (most > 1) {
            throw new WarehouseException(
                    "The key '" + part.get("twin").getStringValue() + "' occurs " + most + " times in column '" + key
                            + "'; a key must name one row. Choose another key, or SELECT DISTINCT");
        }
    }

    private static TableResult result(Job done) {
        try {
            return done.getQueryResults();
        } catch (BigQueryException e) {
            throw BigQueryFailures.explain(CANNOT_COUNT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("stopped");
        }
    }
}
