package io.modelbatch.warehouse.google;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.storage.v1.ArrowSchema;
import com.google.cloud.bigquery.storage.v1.BigQueryReadClient;
import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.cloud.bigquery.storage.v1.ReadSession.TableReadOptions;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.SessionExpiredException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a partition of a pinned table, some of its buckets at a time: in a read session of one stream, which keeps the order of its rows
 * for six hours; or, where credentials may not have one or the rows take longer, as the result of a query that sorts them by key. A
 * position names the one that it counts in.
 */
final class OpenPartition {
    private static final Logger log = LoggerFactory.getLogger(OpenPartition.class);

    /** A query costs at least what 10 MiB do, and its rows are never computed again, so it may sort the work of days. */
    private static final long LEAST_SORTED = 5_000;
    /** A query that sorts gigabytes may need more memory than BigQuery gives. */
    private static final long MOST_SORTED = 100_000;

    private static final String CANNOT_READ = "The pinned rows cannot be read";
    private final BigQuery client;
    private final BigQueryReadClient storage;
    private final PinnedTables pinned;
    private final String project;
    private final BufferAllocator memory;
    private final LongSupplier nanoTime;
    private final Map<String, ReadPace> paces = new ConcurrentHashMap<>();
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Opens partitions.
     *
     * @param project the project that sessions belong to
     * @param memory for what Arrow decodes
     * @param nanoTime tells how fast rows are worked on
     */
    OpenPartition(
            BigQuery client,
            BigQueryReadClient storage,
            PinnedTables pinned,
            String project,
            BufferAllocator memory,
            LongSupplier nanoTime) {
        this.client = client;
        this.storage = storage;
        this.pinned = pinned;
        this.project = project;
        this.memory = memory;
        this.nanoTime = nanoTime;
    }

    /**
     * A partition to read.
     *
     * @param jobs run the queries that sort its rows
     * @param input with the partition
     * @param table where the rows are
     * @param buckets of the partition
     * @param columns wanted beside the key
     * @param pace of the work on its rows
     */
    record Partition(
            BigQueryJobs jobs,
            PinnedInput input,
            TableId table,
            PartitionBuckets buckets,
            List<String> columns,
            ReadPace pace) {
        Partition {
            columns = columns.stream().distinct().toList();
            input.requireColumns(columns);
        }

        long rows() {
            return buckets.rows(buckets.all());
        }

        Set<String> fields() {
            return Stream.concat(Stream.of(input.key()), columns.stream())
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    /**
     * The rows of some buckets in an order of their own.
     *
     * @param reader of these rows alone
     * @param kind the source that keeps the order
     */
    record Session(RowReader reader, ReadName.Kind kind, PartitionBuckets.Span span) {}

    /**
     * Opens one at a position.
     *
     * @param jobs run the queries that sort its rows
     * @throws SessionExpiredException when what the position counts in is gone
     */
    RowReader open(BigQueryJobs jobs, PinnedInput input, int number, List<String> columns, ReadPosition from) {
        Table table = pinned.verified(input);
        Partition partition = new Partition(
                jobs,
                input,
                table.getTableId(),
                PinnedTables.buckets(table, input, number),
                columns,
                paces.computeIfAbsent(input.location() + " " + number, name -> new ReadPace(nanoTime)));
        if (from.rows() == partition.rows()) {
            return new NoRows(Optional.ofNullable(from.session()));
        }
        partition.pace().open();
        return new BucketReader(this, partition, session(partition, from), from.rows());
    }

    /**
     * The session for the buckets that begin at a row.
     *
     * @throws io.modelbatch.warehouse.WarehouseException when the rows are no longer what was pinned
     */
    Session next(Partition partition, long row) {
        pinned.verified(partition.input());
        return begin(partition, row);
    }

    private Session session(Partition partition, ReadPosition from) {
        if (from.session() == null) {
            return begin(partition, from.rows());
        }
        PartitionBuckets buckets = partition.buckets();
        ReadName name = ReadName.parse(from.session(), partition.fields(), buckets);
        long before = buckets.before(name.span().from());
        long position = from.rows() - before;
        if (position == buckets.rows(name.span())) {
            return begin(partition, from.rows());
        }
        if (position < 0 || position > buckets.rows(name.span())) {
            throw new SessionExpiredException(
                    name.text(), new IllegalArgumentException("It does not contain row " + from.rows()));
        }
        RowReader reader = name.kind() == ReadName.Kind.STREAM
                ? stream(partition, name, position, () -> schema(partition, name.span()))
                : sorted(partition, name.span(), position);
        return new Session(reader, name.kind(), name.span());
    }

    private Session begin(Partition partition, long row) {
        PartitionBuckets.Span span =
                partition.buckets().from(row, partition.pace().next());
        if (!partition.pace().outlivesSessions(row, partition.buckets().rows(span))) {
            return session(partition, span);
        }
        Session sorted = sorted(partition, row);
        log.warn(
                "{} rows of {} take longer on this machine than BigQuery keeps a read session, which is six hours, so a query"
                        + " sorts them by key. A faster machine, a smaller model or more partitions take less time",
                partition.buckets().rows(sorted.span()),
                partition.input().location());
        return sorted;
    }

    private Session sorted(Partition partition, long row) {
        long wanted = Math.min(Math.max(partition.pace().next(), LEAST_SORTED), MOST_SORTED);
        PartitionBuckets.Span span = partition.buckets().from(row, wanted);
        return new Session(sorted(partition, span, 0), ReadName.Kind.QUERY, span);
    }

    private Session session(Partition partition, PartitionBuckets.Span span) {
        try {
            ReadSession session = storage.createReadSession(request(partition, span));
            if (session.getStreamsCount() == 0) {
                throw new UncheckedIOException(new IOException(CANNOT_READ + ": BigQuery's session has no stream, and "
                        + partition.buckets().rows(span) + " rows are in its part of the table"));
            }
            ReadName name =
                    ReadName.of(ReadName.Kind.STREAM, session.getStreams(0).getName(), partition.fields(), span);
            return new Session(stream(partition, name, 0, session::getArrowSchema), ReadName.Kind.STREAM, span);
        } catch (PermissionDeniedException e) {
            if (!BigQueryFailures.lacksSessions(e)) {
                throw BigQueryFailures.explain(CANNOT_READ, e);
            }
            if (!warned.getAndSet(true)) {
                log.warn(
                        "Rows are read by BigQuery's REST API, which is many times slower, because these credentials may not"
                                + " use the Storage Read API: {}. Grant roles/bigquery.readSessionUser on the project",
                        e.getMessage());
            }
            return sorted(partition, partition.buckets().before(span.from()));
        } catch (ApiException e) {
            throw BigQueryFailures.explain(CANNOT_READ, e);
        }
    }

    /** Sessions for the same columns have the same schema. Nothing is read in this one. */
    private ArrowSchema schema(Partition partition, PartitionBuckets.Span span) {
        try {
            return storage.createReadSession(request(partition, span)).getArrowSchema();
        } catch (ApiException e) {
            throw BigQueryFailures.explain(CANNOT_READ, e);
        }
    }

    private CreateReadSessionRequest request(Partition partition, PartitionBuckets.Span span) {
        TableId table = partition.table();
        return CreateReadSessionRequest.newBuilder()
                .setParent("projects/" + project)
                .setReadSession(ReadSession.newBuilder()
                        .setTable("projects/" + table.getProject() + "/datasets/" + table.getDataset() + "/tables/"
                                + table.getTable())
                        .setDataFormat(DataFormat.ARROW)
                        .setReadOptions(TableReadOptions.newBuilder()
                                .addAllSelectedFields(partition.fields())
                                .setRowRestriction(partition.buckets().restriction(span))))
                .setMaxStreamCount(1)
                .build();
    }

    private RowReader stream(Partition partition, ReadName name, long position, Supplier<ArrowSchema> schema) {
        long rows = partition.buckets().rows(name.span());
        return new ArrowRowReader(
                new ReadStream(storage, name.name(), position, rows),
                name.text(),
                memory.newChildAllocator(name.name(), 0, Long.MAX_VALUE),
                new ArrowRowReader.Wanted(partition.input().key(), partition.columns(), schema, rows - position));
    }

    private RowReader sorted(Partition partition, PartitionBuckets.Span span, long position) {
        return new PagedRowReader(
                client,
                () -> result(partition, span),
                position,
                partition.buckets().rows(span) - position);
    }

    /** Keys are neither null nor twice there, so that their order is always the same. */
    private PagedRowReader.Result result(Partition partition, PartitionBuckets.Span span) {
        String key = partition.input().key();
        String sql = "SELECT "
                + partition.fields().stream().map(BigQueryNames::quoted).collect(Collectors.joining(", "))
                + " FROM `" + partition.input().location() + "` WHERE "
                + partition.buckets().restriction(span) + " ORDER BY " + BigQueryNames.quoted(key);
        Job job = partition
                .jobs()
                .run(new BigQueryJobs.Task(
                        BigQueryNames.id(
                                partition.table().getTable() + "-rows",
                                partition.input().fingerprint(),
                                sql),
                        CANNOT_READ,
                        QueryJobConfiguration.of(sql),
                        done -> table(done) != null,
                        () -> {}));
        Table table = table(job);
        if (table == null) {
            throw new UncheckedIOException(new IOException(
                    CANNOT_READ + ": the result of job " + job.getJobId().getJob() + " is gone"));
        }
        ReadName name = ReadName.of(ReadName.Kind.QUERY, job.getJobId().getJob(), partition.fields(), span);
        return PagedRowReader.Result.of(table, name.text(), key, partition.columns());
    }

    /** Where the result of a query is; null when BigQuery has removed it. */
    private @Nullable Table table(Job done) {
        try {
            return client.getTable(Objects.requireNonNull(
                    done.<QueryJobConfiguration>getConfiguration().getDestinationTable()));
        } catch (BigQueryException e) {
            throw BigQueryFailures.explain(CANNOT_READ, e);
        }
    }

    /** The end of a partition, for which nothing needs to be asked. */
    private record NoRows(Optional<String> session) implements RowReader {
        @Override
        public Optional<RowBlock> read(int maxRows, long maxTextBytes) {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }
}
