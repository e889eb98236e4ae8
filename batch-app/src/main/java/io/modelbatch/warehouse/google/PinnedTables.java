package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.WarehouseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tables that hold the result of a query as it was: found, marked, and compared with what was pinned. */
final class PinnedTables {
    /** The column that says which bucket of which partition a row is in. */
    static final String PART = "modelbatch_part";

    private static final String AGAIN = "; again=true starts a new run, which pins them again";

    private final BigQuery client;
    private final Duration expiration;

    PinnedTables(BigQuery client, Duration expiration) {
        this.client = client;
        this.expiration = expiration;
    }

    @Nullable
    Table find(TableId id) {
        try {
            return client.getTable(id);
        } catch (BigQueryException e) {
            throw BigQueryFailures.explain("The pinned table " + BigQueryNames.path(id) + " cannot be read", e);
        }
    }

    /** The input that is pinned in a table; empty if it is not complete. */
    Optional<PinnedInput> pinned(Table table) {
        return PinMark.of(table).flatMap(mark -> pinned(table, mark));
    }

    private static Optional<PinnedInput> pinned(Table table, PinMark mark) {
        String key = mark.key();
        List<PartitionBuckets> partitions = mark.partitioned();
        if (key == null || partitions.isEmpty()) {
            return Optional.empty();
        }
        List<Field> fields = fields(table);
        return Optional.of(new PinnedInput(
                BigQueryNames.path(table.getTableId()),
                key,
                KeyColumn.find(key, fields).type(),
                fields.stream()
                        .map(Field::getName)
                        .filter(name -> !name.equals(PART))
                        .toList(),
                rows(partitions),
                Instant.ofEpochMilli(table.getCreationTime()),
                fingerprint(table)));
    }

    private static List<Long> rows(List<PartitionBuckets> partitions) {
        return partitions.stream()
                .map(partition -> partition.rows(partition.all()))
                .toList();
    }

    /**
     * The buckets of a partition.
     *
     * @throws WarehouseException when the table no longer says which they are
     */
    static PartitionBuckets buckets(Table table, PinnedInput input, int partition) {
        List<PartitionBuckets> partitions =
                PinMark.of(table).map(PinMark::partitioned).orElse(List.of());
        if (!rows(partitions).equals(input.rows())) {
            throw new WarehouseException("The pinned rows cannot be read: the description of the table "
                    + input.location() + ", which says where they are, was changed" + AGAIN);
        }
        return partitions.get(partition);
    }

    static List<Field> fields(TableInfo table) {
        return List.copyOf(Objects.requireNonNull(
                        table.<StandardTableDefinition>getDefinition().getSchema())
                .getFields());
    }

    /** Marks a table, which from now on expires. */
    Table mark(TableId id, PinMark mark, Map<String, String> labels) {
        TableInfo marked = TableInfo.newBuilder(
                        id, StandardTableDefinition.newBuilder().build())
                .setDescription(mark.text())
                .setLabels(labels)
                .setExpirationTime(Instant.now().plus(expiration).toEpochMilli())
                .build();
        try {
            client.update(marked);
            return Objects.requireNonNull(client.getTable(id));
        } catch (BigQueryException e) {
            throw BigQueryFailures.explain("The pinned table " + BigQueryNames.path(id) + " cannot be changed", e);
        }
    }

    /** Bytes of a table; 0 where there is none, or one that nothing was pinned in. */
    long bytes(TableId id) {
        Table table = find(id);
        return table == null || PinMark.of(table).isEmpty()
                ? 0
                : Objects.requireNonNullElse(
                        table.<StandardTableDefinition>getDefinition().getNumBytes(), 0L);
    }

    /** Removes a table, unless it is one that nothing was pinned in. */
    void deletePinned(TableId id) {
        Table table = find(id);
        if (table != null && PinMark.of(table).isPresent()) {
            delete(id);
        }
    }

    void delete(TableId id) {
        try {
            client.delete(id);
        } catch (BigQueryException e) {
            throw BigQueryFailures.explain("The table " + BigQueryNames.path(id) + " cannot be removed", e);
        }
    }

    /**
     * The table of a pinned input.
     *
     * @throws WarehouseException when it is gone or is not what was pinned
     */
    Table verified(PinnedInput input) {
        TableId id = id(input);
        Table table = find(id);
        if (table == null) {
            throw new WarehouseException("The pinned rows are gone: the table " + input.location()
                    + " is not there, or has expired" + AGAIN);
        }
        if (!fingerprint(table).equals(input.fingerprint())) {
            throw new WarehouseException("The rows in " + input.location() + " are not those that were pinned at "
                    + input.created() + ": the table is from " + Instant.ofEpochMilli(table.getCreationTime())
                    + ", with " + rows(table) + " rows" + AGAIN);
        }
        return table;
    }

    static TableId id(PinnedInput input) {
        return BigQueryNames.table(input.location());
    }

    private static String fingerprint(TableInfo table) {
        return BigQueryNames.hash(
                List.of(BigQueryNames.path(table.getTableId()), table.getCreationTime(), rows(table)));
    }

    private static long rows(TableInfo table) {
        return Objects.requireNonNull(
                table.<StandardTableDefinition>getDefinition().getNumRows());
    }
}
