package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.RangePartitioning;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.QueryColumns;
import io.modelbatch.warehouse.QueryText;
import io.modelbatch.warehouse.WarehouseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a query once, into a table that is named by the extraction and partitioned by a hash of the key. Whatever step of it a crash
 * interrupts, the same call continues there: the job is found by its id, the table by its name, and what was checked by the table's mark.
 */
final class PinQuery {
    private static final Logger log = LoggerFactory.getLogger(PinQuery.class);

    private static final String CANNOT_RUN = "The query cannot run";

    private final BigQueryJobs jobs;
    private final PinnedTables tables;
    private final CountKeys keys;
    private final DatasetId dataset;
    private final @Nullable Long maxBytes;

    /**
     * Pins.
     *
     * @param dataset of the pinned tables
     * @param maxBytes the limit where an extraction has none; null for no limit
     */
    PinQuery(BigQueryJobs jobs, PinnedTables tables, CountKeys keys, DatasetId dataset, @Nullable Long maxBytes) {
        this.jobs = jobs;
        this.tables = tables;
        this.keys = keys;
        this.dataset = dataset;
        this.maxBytes = maxBytes;
    }

    PinnedInput pin(Extraction extraction) {
        TableId id = TableId.of(dataset.getProject(), dataset.getDataset(), extraction.id());
        Table there = tables.find(id);
        Optional<PinnedInput> pinned = there == null ? Optional.empty() : tables.pinned(there);
        return pinned.orElseGet(() -> pin(extraction, id));
    }

    /** BigQuery's answer to a dry run of a query. */
    record DryRun(QueryCost cost, QueryColumns columns, KeyColumn key) {}

    /** A dry run of the query: the bytes that it would read, and its columns. */
    DryRun verify(Extraction extraction) {
        return dryRun(extraction, query(extraction));
    }

    private PinnedInput pin(Extraction extraction, TableId id) {
        QueryText query = query(extraction);
        QueryCost cost = dryRun(extraction, query).cost();
        log.info("The query of {} reads {}", extraction.id(), cost);
        Job job = jobs.run(task(extraction, query, id));
        String name = job.getJobId().getJob();
        long bytes = Optional.ofNullable(job.<QueryStatistics>getStatistics().getTotalBytesProcessed())
                .orElse(cost.bytes());
        Map<String, String> labels = BigQueryNames.labels(extraction.billing().labels());
        Table made = tables.mark(id, new PinMark(name, null, null, bytes, null), labels);
        List<Long> rows = checked(extraction, made);
        Table table =
                tables.mark(id, new PinMark(name, extraction.key(), rows, bytes, extraction.partitions()), labels);
        return tables.pinned(table)
                .orElseThrow(() ->
                        new IllegalStateException("The description of " + BigQueryNames.path(id) + " was not saved"));
    }

    /** A table whose keys are refused goes, for the same extraction with a better query, or over better rows, to pin again. */
    private List<Long> checked(Extraction extraction, Table made) {
        CountKeys.Counted counted = counted(extraction, made);
        try {
            return counted.rows(PartitionBuckets.ofAll(extraction.partitions()));
        } catch (WarehouseException refused) {
            tables.delete(made.getTableId());
            throw refused;
        }
    }

    /** A count that is refused says nothing of the rows, whose query was paid for. */
    private CountKeys.Counted counted(Extraction extraction, Table made) {
        try {
            return keys.count(made, extraction, limit(extraction));
        } catch (WarehouseException refused) {
            throw new WarehouseException(refused.getMessage() + ". The query is complete and its rows are kept in "
                    + BigQueryNames.path(made.getTableId())
                    + " until it expires. Fix the cause and resume; the query does not run again");
        }
    }

    private static QueryText query(Extraction extraction) {
        return QueryText.of(extraction.query());
    }

    private DryRun dryRun(Extraction extraction, QueryText query) {
        QueryJobConfiguration configuration = QueryJobConfiguration.newBuilder(query.sql())
                .setNamedParameters(QueryParameters.of(query, extraction.parameters()))
                .setLabels(BigQueryNames.labels(extraction.billing().labels()))
                .setUseQueryCache(false)
                .setDryRun(true)
                .build();
        Job planned = jobs.dryRun(CANNOT_RUN, configuration);
        BigQueryError error =
                planned.getStatus() == null ? null : planned.getStatus().getError();
        if (error != null) {
            throw BigQueryFailures.explain(CANNOT_RUN, error, null);
        }
        QueryStatistics statistics = planned.getStatistics();
        refuseOtherStatements(statistics);
        List<Field> columns = statistics.getSchema() == null
                ? List.of()
                : statistics.getSchema().getFields();
        refuseOwnName(columns);
        QueryColumns named = named(columns);
        named.verify(extraction);
        KeyColumn key = KeyColumn.find(extraction.key(), columns);
        columns.stream().filter(column -> isRead(column, extraction)).forEach(RestValues::requireText);
        QueryCost cost = new QueryCost(
                Optional.ofNullable(statistics.getTotalBytesProcessed()).orElse(0L),
                Optional.ofNullable(statistics.getReferencedTables())
                        .map(List::size)
                        .orElse(0));
        cost.refuseAbove(limit(extraction));
        return new DryRun(cost, named, key);
    }

    private static QueryColumns named(List<Field> columns) {
        return new QueryColumns(columns.stream()
                .map(column -> new QueryColumns.Column(
                        column.getName(),
                        (column.getMode() == Field.Mode.REPEATED ? "ARRAY of " : "")
                                + column.getType().getStandardType()))
                .toList());
    }

    private static boolean isRead(Field column, Extraction extraction) {
        return extraction.uses().stream().anyMatch(use -> use.column().equals(column.getName()));
    }

    private static void refuseOtherStatements(QueryStatistics statistics) {
        QueryStatistics.StatementType type = statistics.getStatementType();
        if (type != null && !type.equals(QueryStatistics.StatementType.SELECT)) {
            throw new WarehouseException("The query must be one SELECT, but BigQuery calls it a " + type);
        }
    }

    private static void refuseOwnName(List<Field> columns) {
        if (columns.stream().map(Field::getName).anyMatch(PinnedTables.PART::equalsIgnoreCase)) {
            throw new WarehouseException("The query's result has a column " + PinnedTables.PART
                    + ", a name that is reserved for the partition of each row; rename it with AS");
        }
    }

    private @Nullable Long limit(Extraction extraction) {
        Long own = extraction.billing().maxBytes();
        return own != null ? own : maxBytes;
    }

    private BigQueryJobs.Task task(Extraction extraction, QueryText query, TableId id) {
        String sql = partitioned(query, extraction);
        Map<String, QueryParameterValue> parameters = QueryParameters.of(query, extraction.parameters());
        Long limit = limit(extraction);
        QueryJobConfiguration configuration = QueryJobConfiguration.newBuilder(sql)
                .setNamedParameters(parameters)
                .setDestinationTable(id)
                .setWriteDisposition(WriteDisposition.WRITE_EMPTY)
                .setRangePartitioning(byPart(PartitionBuckets.ofAll(extraction.partitions())))
                .setLabels(BigQueryNames.labels(extraction.billing().labels()))
                .setMaximumBytesBilled(limit)
                .setUseQueryCache(false)
                .build();
        String job =
                BigQueryNames.id(extraction.id(), BigQueryNames.path(id), sql, new TreeMap<>(extraction.parameters()));
        return new BigQueryJobs.Task(job, CANNOT_RUN, configuration, done -> isOf(id, done), () -> tables.delete(id));
    }

    /** True if the table is the one that the job made. */
    private boolean isOf(TableId id, Job done) {
        Table table = tables.find(id);
        return table != null
                && PinMark.of(table)
                        .map(mark -> mark.job().equals(done.getJobId().getJob()))
                        .orElse(true);
    }

    /** The inner MOD has the sign of the hash; ABS would fail for one hash in 2^64. */
    private static String partitioned(QueryText query, Extraction extraction) {
        int parts = PartitionBuckets.ofAll(extraction.partitions());
        return "SELECT q.*, MOD(MOD(FARM_FINGERPRINT(CAST(q." + BigQueryNames.quoted(extraction.key())
                + " AS STRING)), "
                + parts + ") + " + parts + ", " + parts + ") AS " + PinnedTables.PART + " FROM (\n" + query.sql()
                + "\n) AS q";
    }

    private static RangePartitioning byPart(int parts) {
        return RangePartitioning.newBuilder()
                .setField(PinnedTables.PART)
                .setRange(RangePartitioning.Range.newBuilder()
                        .setStart(0L)
                        .setEnd((long) parts)
                        .setInterval(1L)
                        .build())
                .build();
    }
}
