package io.modelbatch.warehouse.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.TableId;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.SessionExpiredException;
import io.modelbatch.warehouse.WarehouseException;
import io.modelbatch.warehouse.google.BigQueryServer.Permission;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that are worked on more slowly than read sessions live: a bucket, and a partition that an earlier version pinned in one piece. */
class SlowRowsTest {
    private static final int ROWS = 14_000;
    private static final int BLOCK = 900;

    @TempDir
    private Path folder;

    private final AtomicLong nanoTime = new AtomicLong();
    private BigQueryServer server;
    private BigQueryWarehouse warehouse;

    @BeforeEach
    void open() throws Exception {
        server = BigQueryServer.start(folder).dataset("pinned", "EU");
        warehouse = BigQueryWarehouse.open(project(), settings(), () -> false, nanoTime::get);
    }

    @AfterEach
    void close() throws Exception {
        warehouse.close();
        server.close();
    }

    @Test
    void aSessionMayEndBeforeItsFirstBucketIsDone() throws Exception {
        PinnedInput input = pinned(List.of((long) ROWS));
        server.sessionsBring(1_000);

        Read read = read(input, Duration.ZERO);

        assertThat(read.keys).hasSize(ROWS).doesNotHaveDuplicates();
        assertThat(read.keptAtExpiry).containsExactly(0L, 0L);
    }

    /** A row in ten seconds: 39 hours. */
    @Test
    void aSessionThatWillNotSufficeIsGivenUpAtOnce() throws Exception {
        PinnedInput input = pinned(List.of((long) ROWS));

        Read read = read(input, Duration.ofSeconds(10));

        assertThat(read.keys).hasSize(ROWS).doesNotHaveDuplicates();
        assertThat(read.keptAtExpiry).containsExactly(0L);
        assertThat(read.blocksGivenUp).isEqualTo(2);
        assertThat(server.sessions()).isEqualTo(1);
    }

    /** 100 buckets of 140 rows at one row in ten seconds: half an hour of work is two of them. */
    @Test
    void aSessionThatWillNotSufficeIsFollowedBySmallerOnes() throws Exception {
        PinnedInput input = pinned(Collections.nCopies(100, ROWS / 100L));

        Read read = read(input, Duration.ofSeconds(10));

        assertThat(read.keys).hasSize(ROWS).doesNotHaveDuplicates();
        assertThat(read.keptAtExpiry).containsExactly(0L);
        assertThat(server.jobs()).isEmpty();
        assertThat(server.sessions()).isBetween(40, 60);
    }

    @Test
    void aResultThatIsGoneIsSortedAgain() throws Exception {
        server.deny(Permission.CREATE_READ_SESSIONS);
        PinnedInput input = pinned(List.of((long) ROWS));
        List<Object> keys = new ArrayList<>();
        ReadPosition position = ReadPosition.BEGINNING;
        while (keys.size() < ROWS) { // each two blocks as if by another process, on another day
            try (BigQueryWarehouse other = BigQueryWarehouse.open(project(), settings());
                    RowReader reader = other.read(input, 0, List.of(), position)) {
                keys.addAll(reader.read(3_000, Long.MAX_VALUE).orElseThrow().keys());
                removeResults();
                reader.read(9_000, Long.MAX_VALUE).ifPresent(block -> keys.addAll(block.keys()));
                position = new ReadPosition(reader.session().orElseThrow(), keys.size());
            }
            removeResults();
        }
        assertThat(keys).hasSize(ROWS).doesNotHaveDuplicates();
    }

    /** As the services refuse: without its permission rows come by REST, and for any other reason they do not come. */
    @ParameterizedTest
    @CsvSource({
        "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: h2Cd, VPC Service Controls",
        "'BigQuery Storage API has not been used in project 12 before or it is disabled. Enable it by visiting"
                + " https://console.developers.google.com/apis/api/bigquerystorage.googleapis.com/overview?project=12 then retry.',"
                + " gcloud services enable bigquerystorage.googleapis.com --project=12",
        "Access Denied: Table billing:pinned.old: Permission bigquery.tables.getData denied, roles/bigquery.dataViewer"
    })
    void sessionsThatAreRefusedForAnotherReasonAreNoReasonToReadByRest(String refusal, String wayOut) throws Exception {
        PinnedInput input = pinned(List.of((long) ROWS));
        server.refuseSessions(refusal);

        assertThatThrownBy(() -> warehouse.read(input, 0, List.of(), ReadPosition.BEGINNING))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("The pinned rows cannot be read", wayOut);
        assertThatThrownBy(() -> warehouse.verifyDataset())
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining(wayOut);
        assertThat(server.jobs()).isEmpty();
    }

    private void removeResults() throws Exception {
        for (List<@Nullable Object> table : server.rows(
                "SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name NOT IN ('main', 'pinned')")) {
            server.dropTable(String.valueOf(table.get(0)), String.valueOf(table.get(1)));
        }
    }

    private static final class Read {
        private final List<Object> keys = new ArrayList<>();
        private final List<Long> keptAtExpiry = new ArrayList<>();
        private int blocksGivenUp;
    }

    /** As a step does: a block is done when the second one after it is asked for, and rows after an expiry are given up. */
    private Read read(PinnedInput input, Duration aRow) {
        Read read = new Read();
        ReadPosition position = ReadPosition.BEGINNING;
        while (read.keys.size() < ROWS) {
            int blocks = 0;
            try (RowReader reader = warehouse.read(input, 0, List.of(), position)) {
                Optional<RowBlock> block = reader.read(BLOCK, Long.MAX_VALUE);
                while (block.isPresent()) {
                    blocks++;
                    read.keys.addAll(block.get().keys());
                    Optional<RowBlock> next = blocks == 1 ? reader.read(BLOCK, Long.MAX_VALUE) : Optional.empty();
                    next.ifPresent(ahead -> read.keys.addAll(ahead.keys()));
                    blocks += next.isPresent() ? 1 : 0;
                    nanoTime.addAndGet(aRow.multipliedBy(block.get().rows()).toNanos());
                    block = reader.read(BLOCK, Long.MAX_VALUE);
                }
            } catch (SessionExpiredException e) {
                read.keptAtExpiry.add(e.kept());
                read.blocksGivenUp += blocks;
                read.keys.subList((int) e.kept(), read.keys.size()).clear();
                position = new ReadPosition(null, e.kept());
                assertThat(read.keptAtExpiry).hasSizeLessThan(10);
            }
        }
        return read;
    }

    private PinnedInput pinned(List<Long> buckets) throws Exception {
        server.execute("CREATE TABLE pinned.old AS SELECT CAST(range AS BIGINT) AS id, CAST(range % " + buckets.size()
                + " AS BIGINT) AS modelbatch_part FROM range(" + ROWS + ")");
        PinnedTables tables =
                new PinnedTables(BigQueryClients.bigQuery(project(), settings()), BigQuerySettings.EXPIRATION);
        PinMark mark = new PinMark("j", "id", buckets, 1, 1);
        return tables.pinned(tables.mark(TableId.of("billing", "pinned", "old"), mark, Map.of()))
                .orElseThrow();
    }

    private static GoogleProject project() {
        return new GoogleProject("billing", NoCredentials.getInstance());
    }

    private BigQuerySettings settings() {
        return new BigQuerySettings(
                "EU", "pinned", BigQuerySettings.EXPIRATION, null, server.restAddress(), server.storageAddress());
    }
}
