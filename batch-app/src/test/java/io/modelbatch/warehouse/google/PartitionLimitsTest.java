package io.modelbatch.warehouse.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.RangePartitioning;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.WarehouseException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits that BigQuery has for partitioned tables, and that a pinned table stays below. */
class PartitionLimitsTest {
    @TempDir
    private Path folder;

    private final GoogleProject project = new GoogleProject("billing", NoCredentials.getInstance());
    private BigQueryServer server;
    private BigQuery client;
    private BigQuerySettings settings;

    @BeforeEach
    void open() throws Exception {
        server = BigQueryServer.start(folder).dataset("shop", "EU").dataset("pinned", "EU");
        server.execute("CREATE TABLE shop.lines AS SELECT CAST(range AS BIGINT) AS id FROM range(12000)");
        settings = new BigQuerySettings(
                "EU", "pinned", BigQuerySettings.EXPIRATION, null, server.restAddress(), server.storageAddress());
        client = BigQueryClients.bigQuery(project, settings);
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void aJobChangesFourThousandPartitionsAndATableHasTenThousand() {
        BigQueryJobs jobs = new BigQueryJobs(
                client,
                JobId.newBuilder().setProject("billing").setLocation("EU").build(),
                () -> false,
                millis -> {});
        for (int part = 0; part < 2; part++) {
            run(jobs, "part" + part, 4_000 * part, 4_000 * (part + 1));
        }

        assertThatThrownBy(() -> run(jobs, "large", 8_000, 12_000)).hasMessageContaining("more than 10000 partitions");
        assertThatThrownBy(() -> run(jobs, "many", 0, 4_001))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("Too many partitions produced by query, allowed 4000", "at least 4001");
    }

    private static void run(BigQueryJobs jobs, String id, int from, int to) {
        jobs.run(new BigQueryJobs.Task(
                id,
                "It cannot run",
                QueryJobConfiguration.newBuilder("SELECT id FROM shop.lines WHERE id >= " + from + " AND id < " + to)
                        .setDestinationTable(TableId.of("billing", "pinned", "parts"))
                        .setWriteDisposition(WriteDisposition.WRITE_APPEND)
                        .setRangePartitioning(ranges(0, 10_000, 1))
                        .build(),
                done -> true,
                () -> {}));
    }

    @Test
    void rangesHaveBounds() {
        TableId id = TableId.of("billing", "pinned", "ranges");
        for (RangePartitioning refused : List.of(ranges(0, 10_001, 1), ranges(0, 10, 0), ranges(5, 5, 1))) {
            assertThatThrownBy(() -> client.create(TableInfo.of(id, partitioned(refused))))
                    .isInstanceOf(BigQueryException.class)
                    .hasMessageContaining("ange partitioning");
        }
        client.create(TableInfo.of(id, partitioned(ranges(0, 10_000, 1))));
    }

    private static StandardTableDefinition partitioned(RangePartitioning ranges) {
        return StandardTableDefinition.newBuilder()
                .setSchema(Schema.of(Field.of("id", StandardSQLTypeName.INT64)))
                .setRangePartitioning(ranges)
                .build();
    }

    private static RangePartitioning ranges(long start, long end, long interval) {
        return RangePartitioning.newBuilder()
                .setField("id")
                .setRange(RangePartitioning.Range.newBuilder()
                        .setStart(start)
                        .setEnd(end)
                        .setInterval(interval)
                        .build())
                .build();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 501, 1_000})
    void aPinnedTableStaysBelow(int partitions) throws Exception {
        try (BigQueryWarehouse warehouse = BigQueryWarehouse.open(project, settings)) {
            assertThat(warehouse
                            .extract(new Extraction(
                                    "pin",
                                    "SELECT id FROM shop.lines",
                                    Map.of(),
                                    "id",
                                    List.of(),
                                    partitions,
                                    Extraction.Billing.NONE))
                            .rows())
                    .hasSize(partitions);
        }
    }

    @Test
    void noNumberOfPartitionsHasTooManyBuckets() {
        assertThat(IntStream.rangeClosed(1, 1_000).map(PartitionBuckets::ofAll)).allMatch(buckets -> buckets <= 1_000);
    }
}
