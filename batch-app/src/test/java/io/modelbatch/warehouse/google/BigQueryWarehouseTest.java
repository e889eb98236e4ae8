package io.modelbatch.warehouse.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.util.Sleeper;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.PolicyTags;
import com.google.cloud.bigquery.PrimaryKey;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableConstraints;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.JsonLines;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.store.Crc32c;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Preview;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.SessionExpiredException;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.warehouse.TableLoad.Mode;
import io.modelbatch.warehouse.WarehouseContract;
import io.modelbatch.warehouse.WarehouseException;
import io.modelbatch.warehouse.google.BigQueryServer.Fault;
import io.modelbatch.warehouse.google.BigQueryServer.Permission;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

@Execution(ExecutionMode.CONCURRENT)
class BigQueryWarehouseTest extends WarehouseContract {
    /** A column of each type that has a text. */
    private static final String ALL_TYPES = """
            SELECT id, CAST('O''Neill "x"' AS STRING) AS text, CAST(-7 AS INT64) AS whole, CAST(0.25 AS FLOAT64) AS real,
              CAST(1e20 AS FLOAT64) AS big, CAST(3 AS FLOAT64) AS three,
              CAST('12.500' AS NUMERIC) AS number, CAST(TRUE AS BOOL) AS truth, CAST('2024-02-29' AS DATE) AS day,
              CAST('23:30:00.25' AS TIME) AS time, CAST('2024-02-29 23:30:00' AS DATETIME) AS clock,
              CAST('2024-02-29 23:30:00.123456+00' AS TIMESTAMP) AS moment, CAST('{"a": [1, "b"]}' AS JSON) AS json,
              CAST(NULL AS STRING) AS nothing, CAST(NULL AS DATE) AS never, ['a', 'b "c"'] AS texts, [1, 2] AS wholes
            FROM shop.lines
            """;

    private static final List<String> TEXTS = List.of(
            "O'Neill \"x\"",
            "-7",
            "0.25",
            "1e+20",
            "3",
            "12.5",
            "true",
            "2024-02-29",
            "23:30:00.250",
            "2024-02-29 23:30:00",
            "2024-02-29 23:30:00.123456+00",
            "{\"a\": [1, \"b\"]}",
            "null",
            "null",
            "[\"a\",\"b \\\"c\\\"\"]",
            "[1,2]");

    @TempDir
    Path home;

    private final AtomicBoolean stopped = new AtomicBoolean();
    private String region = "EU";
    private BigQueryServer server;
    private BigQueryWarehouse warehouse;

    @BeforeEach
    void open() throws Exception {
        server = BigQueryServer.start(home.resolve("server"), 0, new BigQueryServer.LoadedObjects() {
                    @Override
                    public byte[] bytes(URI object) throws IOException {
                        return object(object);
                    }

                    @Override
                    public String location(String bucket) {
                        return region;
                    }
                })
                .dataset("shop", "EU")
                .dataset("out", "EU")
                .dataset("pinned", "EU");
        warehouse = warehouse(null);
    }

    private BigQueryWarehouse warehouse(@Nullable Long maxBytes) throws IOException {
        return BigQueryWarehouse.open(new GoogleProject("billing", NoCredentials.getInstance()), settings(maxBytes))
                .stoppedBy(stopped::get);
    }

    private BigQuerySettings settings(@Nullable Long maxBytes) {
        return new BigQuerySettings(
                "EU", "pinned", BigQuerySettings.EXPIRATION, maxBytes, server.restAddress(), server.storageAddress());
    }

    @AfterEach
    void close() throws Exception {
        warehouse.close();
        server.close();
    }

    private byte[] object(URI uri) throws IOException {
        Path file = file(uri.toString());
        if (!Files.exists(file)) {
            throw new FileNotFoundException(uri.toString());
        }
        return Files.readAllBytes(file);
    }

    private Path file(String uri) {
        ObjectUri object = ObjectUri.parse(uri);
        return home.resolve("buckets").resolve(object.bucket()).resolve(object.name());
    }

    @Override
    protected BigQueryWarehouse warehouse() {
        return warehouse;
    }

    @Override
    protected void table(String name, List<String> columns, List<List<@Nullable Object>> rows) {
        Path file = home.resolve(name + ".jsonl");
        try {
            JsonLines.write(objects(columns, rows), file);
            server.replaceTable(name.split("\\.")[0], name.split("\\.")[1], file);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected StoredObject shard(String name, Path file) throws IOException {
        String uri = "gs://results/" + name;
        Files.createDirectories(file(uri).getParent());
        Files.copy(file, file(uri), StandardCopyOption.REPLACE_EXISTING);
        return stored(uri);
    }

    private StoredObject stored(String uri) throws IOException {
        return new StoredObject(ObjectUri.parse(uri), Files.size(file(uri)), Crc32c.of(file(uri)), 1);
    }

    @Override
    protected List<List<@Nullable Object>> loaded(String columns) throws SQLException {
        return server.rows("SELECT " + columns + " FROM out.scores ORDER BY id");
    }

    @Test
    void aResultIsATableThatExpires() throws Exception {
        lines();
        PinnedInput input = warehouse.extract(new Extraction(
                "run-1",
                "SELECT id FROM shop.lines",
                Map.of(),
                "id",
                List.of(),
                3,
                new Extraction.Billing(Map.of("Job", "Receipts, daily"), null)));

        assertThat(input.location()).isEqualTo("billing.pinned.run-1");
        assertThat(server.jobs()
                        .get(0)
                        .configuration()
                        .path("labels")
                        .path("job")
                        .asString())
                .isEqualTo("receipts__daily");
        assertThat(server.jobs()).allSatisfy(job -> assertThat(job.location()).isEqualTo("EU"));
        assertThat(warehouse.bytesRead(input)).get().isNotEqualTo(0L);
    }

    @Test
    void aTableOfAnotherProjectIsRead() {
        lines();
        PinnedInput input = extract("SELECT id FROM `data-project.shop.lines` UNION ALL SELECT 'c'", "id", 1);

        assertThat(keys(input)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(server.jobs()).allSatisfy(job -> assertThat(job.project()).isEqualTo("billing"));
    }

    @Test
    void aListIsAParameter() {
        lines();
        PinnedInput input = extract(
                "SELECT id FROM shop.lines WHERE id IN UNNEST(@ids) AND 1 IN UNNEST(@numbers)",
                Map.of("ids", List.of("a", "x"), "numbers", List.of(1L, 2L)));

        assertThat(keys(input)).containsExactly("a");
        assertThatThrownBy(
                        () -> extract("SELECT id FROM shop.lines WHERE id IN UNNEST(@ids)", Map.of("ids", List.of())))
                .hasMessageContaining("@ids");
    }

    @Test
    void parametersAreTypedAndNeverPasted() {
        lines();
        extract(
                "SELECT id FROM shop.lines WHERE id <> @text AND @day < '2024-01-01' IS NOT NULL",
                Map.of("text", "' OR TRUE --", "day", LocalDate.of(2024, 2, 29)));

        String sent = server.jobs().get(0).configuration().toString();
        assertThat(sent).contains("@text").contains("\"type\":\"STRING\"").contains("\"type\":\"DATE\"");
        assertThat(server.jobs()
                        .get(0)
                        .configuration()
                        .path("query")
                        .path("query")
                        .asString())
                .doesNotContain("OR TRUE");
    }

    @Test
    void aStringOfGoogleSqlMayHoldWhatEndsOneElsewhere() {
        lines();
        PinnedInput input = extract("SELECT id, 'it\\'s; @a' AS text FROM shop.lines WHERE id = 'a'; -- done", "id", 1);

        assertThat(pairs(input, "text")).containsExactly("a=it's; @a");
    }

    @Test
    void aColumnWithTheNameOfThePartitionIsRefused() {
        assertRefused("SELECT 'a' AS id, 1 AS Modelbatch_Part", "id", "modelbatch_part", "AS");
    }

    @Test
    void aQueryThatReadsTooMuchIsRefusedBeforeItCosts() throws Exception {
        lines();
        Extraction extraction = new Extraction(
                "run", "SELECT id FROM shop.lines", Map.of(), "id", List.of(), 1, new Extraction.Billing(Map.of(), 1L));

        assertThatThrownBy(() -> warehouse.extract(extraction))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("bytes", "allows 1 bytes", "max-bytes");
        try (BigQueryWarehouse thrifty = warehouse(1L)) {
            assertThatThrownBy(() -> thrifty.extract(of("run", "SELECT id FROM shop.lines")))
                    .hasMessageContaining("max-bytes");
        }
        assertThat(server.jobs()).isEmpty();
        assertThat(warehouse.extract(of("run", "SELECT id FROM shop.lines")).totalRows())
                .isEqualTo(2);
    }

    /** The result of a small query may be large. Its count is refused then, and the rows stay, whose query was paid for. */
    @Test
    void rowsWhoseCountIsRefusedAreKept() throws Exception {
        server.execute("CREATE TABLE shop.few AS SELECT range AS n FROM range(2000)");
        Extraction large = of("large", "SELECT CONCAT(CAST(n AS STRING), REPEAT('k', 10000)) AS id FROM shop.few");
        try (BigQueryWarehouse thrifty = warehouse(10L << 20)) {
            assertThatThrownBy(() -> thrifty.extract(large))
                    .isInstanceOf(WarehouseException.class)
                    .hasMessageContainingAll(
                            "cannot be counted", "max-bytes", "kept in billing.pinned.large", "resume");
        }

        assertThat(warehouse.extract(large).totalRows()).isEqualTo(2_000);
        assertThat(server.jobs().stream().filter(job -> job.id().startsWith("large")))
                .as("one query, a count that was refused, and another count")
                .hasSize(3);
    }

    /** A dry run says fewer bytes than are billed at least, and the job would be refused. */
    @Test
    void aLimitBelowTheLeastThatIsBilledIsRefusedBeforeTheJob() throws Exception {
        lines();
        String two = "SELECT id FROM shop.lines UNION ALL SELECT 'c' FROM shop.more";
        table("shop.more", List.of("id"), List.of(row("x")));
        try (BigQueryWarehouse thrifty = warehouse((20L << 20) - 1)) {
            assertThatThrownBy(() -> thrifty.verify(of("run", two)))
                    .isInstanceOf(WarehouseException.class)
                    .hasMessageContainingAll("10 MiB for each table", "max-bytes", "20971520");
        }
        try (BigQueryWarehouse thrifty = warehouse((10L << 20) - 1)) { // the keys of its result are counted in a table
            assertThatThrownBy(() -> thrifty.verify(of("run", "SELECT 'a' AS id")))
                    .isInstanceOf(WarehouseException.class)
                    .hasMessageContainingAll("max-bytes", "10485760");
        }
        try (BigQueryWarehouse enough = warehouse(20L << 20)) {
            assertThat(enough.extract(of("run", two)).totalRows()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void aLostAnswerIsNoSecondQuery(int before) {
        lines();
        Fault[] faults = new Fault[before + 1];
        Arrays.fill(faults, Fault.SLOW);
        faults[before] = Fault.LOST_ANSWER;
        server.order(faults);

        assertThat(keys(warehouse.extract(of("run", "SELECT id FROM shop.lines"))))
                .containsExactlyInAnyOrder("a", "b");
        assertThat(server.count(ServedJob.Kind.QUERY)).isEqualTo(2);
    }

    @Test
    void aProcessThatDiedLeavesItsJobToTheNext() throws Exception {
        lines();
        Extraction extraction = of("run", "SELECT id FROM shop.lines");
        server.jobsTake(Duration.ofMillis(1_500));
        Thread dying = new Thread(() -> {
            try {
                warehouse.extract(extraction);
            } catch (CancellationException e) {
                // as a kill, but for the job, which is cancelled
            }
        });
        dying.start();
        while (server.jobs().isEmpty()) {
            Thread.sleep(10);
        }
        PinnedInput input = warehouse.extract(extraction);
        dying.join();

        assertThat(input.totalRows()).isEqualTo(2);
        assertThat(server.jobs().stream().filter(job -> job.id().startsWith("run-")))
                .hasSizeLessThanOrEqualTo(3);
        assertThat(server.jobs().stream()
                        .filter(job -> job.configuration().toString().contains("FARM_FINGERPRINT")))
                .hasSize(1);
    }

    @Test
    void aFailureOfTheServiceIsAnotherAttempt() {
        lines();
        server.order(Fault.JOB_BACKEND_ERROR, Fault.JOB_BACKEND_ERROR);

        assertThat(warehouse.extract(of("run", "SELECT id FROM shop.lines")).totalRows())
                .isEqualTo(2);
        assertThat(server.jobs().get(1).id()).isEqualTo(server.jobs().get(0).id() + "-2");
    }

    @Test
    void aServiceThatKeepsFailingMayBeAskedLater() {
        lines();
        server.order(
                Fault.JOB_BACKEND_ERROR, Fault.JOB_BACKEND_ERROR, Fault.JOB_BACKEND_ERROR, Fault.JOB_BACKEND_ERROR);

        assertThatThrownBy(() -> warehouse.extract(of("run", "SELECT id FROM shop.lines")))
                .hasCauseInstanceOf(IOException.class);
        assertThat(warehouse.extract(of("run", "SELECT id FROM shop.lines")).totalRows())
                .isEqualTo(2);
    }

    @Test
    void aStopCancelsTheQuery() {
        lines();
        server.jobsTake(Duration.ofMinutes(5));
        stopped.set(true);

        assertThatThrownBy(() -> warehouse.extract(of("run", "SELECT id FROM shop.lines")))
                .isInstanceOf(CancellationException.class);
        server.jobsTake(Duration.ZERO);
        stopped.set(false);

        assertThat(warehouse.extract(of("run", "SELECT id FROM shop.lines")).totalRows())
                .isEqualTo(2);
    }

    @Test
    void aReplacedTableIsRefused() throws Exception {
        lines();
        PinnedInput input = extract("SELECT id, text FROM shop.lines", "id", 1);
        server.execute("CREATE TABLE pinned.other AS SELECT * FROM pinned.\"pin-0\"");
        server.dropTable("pinned", "pin-0");
        assertThatThrownBy(() -> warehouse.read(input, 0, List.of(), ReadPosition.BEGINNING))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("gone", "billing.pinned.pin-0", "again=true");

        server.execute("CREATE TABLE pinned.\"pin-0\" AS SELECT * FROM pinned.other");
        assertThatThrownBy(() -> warehouse.read(input, 0, List.of(), ReadPosition.BEGINNING))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("not those that were pinned", "again=true");
    }

    @Test
    void anotherProcessGoesOnInTheSession() throws Exception {
        lines();
        PinnedInput input = extract("SELECT id, text FROM shop.lines", "id", 1);
        String session;
        Object first;
        try (RowReader reader = warehouse.read(input, 0, List.of(), ReadPosition.BEGINNING)) {
            first = reader.read(1, 0).orElseThrow().keys().get(0);
            session = reader.session().orElseThrow();
        }
        try (BigQueryWarehouse other = warehouse(null);
                RowReader reader = other.read(input, 0, List.of(), new ReadPosition(session, 1))) {
            assertThat(reader.read(10, 1_000).orElseThrow().keys()).hasSize(1).doesNotContain(first);
            assertThat(reader.session()).contains(session);
            assertThat(reader.read(10, 1_000)).isEmpty();
        }
        assertThat(server.sessions()).isEqualTo(1);
        assertThatThrownBy(() -> readOne(input, List.of("text"), new ReadPosition(session, 1)))
                .isInstanceOf(SessionExpiredException.class);
    }

    /** The server begins every other call with the schema alone. */
    @Test
    void aResumedStreamMayBeginWithoutRows() {
        assertResumes();

        assertThat(server.sessions()).as("none for the schema alone").isEqualTo(1);
    }

    @Test
    void aResumedStreamMayTellNoSchema() {
        assertResumes(Fault.NO_SCHEMA);
    }

    private void assertResumes(Fault... faults) {
        table(
                "shop.many",
                List.of("id"),
                IntStream.range(0, 2_500).mapToObj(i -> row(i)).toList());
        PinnedInput input = extract("SELECT id FROM shop.many", "id", 1);
        List<Object> all = new ArrayList<>();
        ReadPosition position = ReadPosition.BEGINNING;
        while (all.size() < 2_500) { // each block as if by another process
            try (RowReader reader = warehouse.read(input, 0, List.of(), position)) {
                all.addAll(reader.read(700, Long.MAX_VALUE).orElseThrow().keys());
                position = new ReadPosition(reader.session().orElseThrow(), all.size());
            }
            server.order(faults);
        }
        assertThat(all).hasSize(2_500).doesNotHaveDuplicates();
    }

    @Test
    void aStreamThatTheServiceClosedIsReadOn() {
        table(
                "shop.many",
                List.of("id"),
                IntStream.range(0, 9_000).mapToObj(i -> row(i)).toList());
        PinnedInput input = extract("SELECT id FROM shop.many", "id", 1);
        Fault[] closed = new Fault[7]; // each with another status
        Arrays.fill(closed, Fault.IDLE_STREAM);
        server.order(closed);

        assertThat(keys(input)).hasSize(9_000).doesNotHaveDuplicates();
        assertThat(server.injected()).containsEntry(Fault.IDLE_STREAM, 7);
    }

    @Test
    void aDatasetThatIsHiddenMayNotBeThere() {
        server.deny(Permission.READ_TABLES, "hidden");

        assertRefused(
                "SELECT id FROM hidden.lines",
                "id",
                "hidden.lines",
                "does not exist",
                "Check the name",
                "roles/bigquery.dataViewer");
    }

    @Test
    void anExpiredSessionIsTold() {
        lines();
        PinnedInput input = extract("SELECT id FROM shop.lines", "id", 1);
        ReadPosition position = readOne(input, List.of(), ReadPosition.BEGINNING);
        server.expireSessions();

        assertThatThrownBy(() -> readOne(input, List.of(), position)).isInstanceOf(SessionExpiredException.class);
        assertThat(readOne(input, List.of(), ReadPosition.BEGINNING).rows()).isEqualTo(1);
    }

    /** Each block as if by another process, in sessions that end long before the partition does. */
    @Test
    void aPartitionOutlivesItsSessions() throws Exception {
        int rows = 20_000;
        table(
                "shop.many",
                List.of("id"),
                IntStream.range(0, rows).mapToObj(i -> row(i)).toList());
        PinnedInput input = extract("SELECT id FROM shop.many", "id", 1);
        List<Object> kept = new ArrayList<>();
        ReadPosition position = ReadPosition.BEGINNING;
        int expired = 0;
        while (kept.size() < rows) {
            try (RowReader reader = warehouse.read(input, 0, List.of(), position)) {
                Optional<RowBlock> block = reader.read(1_900, Long.MAX_VALUE);
                kept.addAll(block.orElseThrow().keys());
                position = new ReadPosition(reader.session().orElseThrow(), kept.size());
            } catch (SessionExpiredException e) {
                assertThat(e.kept()).isBetween(5_000L, (long) kept.size());
                assertThat(kept.size() - e.kept()).isLessThan(6_000);
                kept.subList((int) e.kept(), kept.size()).clear();
                position = new ReadPosition(null, e.kept());
                expired++;
            }
            // None expires in the first buckets, and some in the next ones: how far the server sends ahead is a matter
            // of time.
            server.sessionsBring(kept.size() > 6_000 && expired < 5 ? 8_000 : Long.MAX_VALUE);
        }
        assertThat(kept).hasSize(rows).doesNotHaveDuplicates();
        assertThat(expired).isBetween(1, 5);
        assertThat(readOne(input, List.of(), new ReadPosition(null, 0)).rows()).isEqualTo(1);
    }

    @Test
    void blocksEndWhereSessionsDo() {
        table(
                "shop.many",
                List.of("id"),
                IntStream.range(0, 40_000).mapToObj(i -> row(i)).toList());
        PinnedInput input = extract("SELECT id FROM shop.many", "id", 1);
        List<Object> all = new ArrayList<>();
        Map<String, Integer> rowsOf = new LinkedHashMap<>();
        try (RowReader reader = warehouse.read(input, 0, List.of(), ReadPosition.BEGINNING)) {
            Optional<RowBlock> block = reader.read(65_536, Long.MAX_VALUE);
            while (block.isPresent()) {
                all.addAll(block.get().keys());
                rowsOf.merge(reader.session().orElseThrow(), block.get().rows(), Integer::sum);
                block = reader.read(65_536, Long.MAX_VALUE);
            }
        }

        assertThat(all).hasSize(40_000).doesNotHaveDuplicates();
        assertThat(rowsOf).hasSize(3);
        assertThat(rowsOf.values().iterator().next()).isBetween(5_000, 5_200);
    }

    /** Earlier versions had one bucket for each partition, and named no buckets in positions and descriptions. */
    @Test
    void whatAnEarlierVersionPinnedIsReadOn() throws Exception {
        server.execute(
                "CREATE TABLE pinned.old AS SELECT CAST(range AS BIGINT) AS id, range % 2 AS modelbatch_part FROM range(14000)");
        PinnedTables tables = new PinnedTables(
                BigQueryClients.bigQuery(new GoogleProject("billing", NoCredentials.getInstance()), settings(null)),
                BigQuerySettings.EXPIRATION);
        TableId id = TableId.of("billing", "pinned", "old");
        PinMark mark = JsonMapper.builder()
                .build()
                .readValue("{\"job\":\"j\",\"key\":\"id\",\"rows\":[7000,7000],\"bytes\":1}", PinMark.class);
        PinnedInput input = tables.pinned(tables.mark(id, mark, Map.of())).orElseThrow();

        assertThat(input.rows()).containsExactly(7_000L, 7_000L);
        assertThat(keys(input)).hasSize(14_000).doesNotHaveDuplicates();
        ReadPosition position = readOne(input, List.of(), ReadPosition.BEGINNING);
        String old = Objects.requireNonNull(position.session()).replaceFirst(" 0-1$", "");
        assertThat(old).isNotEqualTo(position.session());
        assertThat(readOne(input, List.of(), new ReadPosition(old, 1)).rows()).isEqualTo(2);
        assertThatThrownBy(() -> readOne(input, List.of(), new ReadPosition(null, 1)))
                .isInstanceOfSatisfying(
                        SessionExpiredException.class,
                        expired -> assertThat(expired.kept()).isZero());
        tables.mark(id, new PinMark("j", "id", List.of(1L), 1, 1), Map.of());
        assertThatThrownBy(() -> readOne(input, List.of(), ReadPosition.BEGINNING))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("pinned.old", "description", "again=true");
    }

    @Test
    void aSessionThatExpiresBetweenBlocksIsTold() {
        table(
                "shop.many",
                List.of("id"),
                IntStream.range(0, 5_000).mapToObj(i -> row("k" + i)).toList());
        PinnedInput input = extract("SELECT id FROM shop.many", "id", 1);
        server.order(Fault.SESSION_EXPIRED);

        assertThatThrownBy(() -> {
                    try (RowReader reader = warehouse.read(input, 0, List.of(), ReadPosition.BEGINNING)) {
                        while (reader.read(100, Long.MAX_VALUE).isPresent()) {}
                    }
                })
                .isInstanceOf(SessionExpiredException.class);
    }

    @Test
    void eachTypeHasAText() throws Exception {
        lines();
        PinnedInput input = extract(ALL_TYPES, "id", 1);
        List<String> columns = input.columns().subList(1, input.columns().size());

        List<String> byArrow = texts(input, columns);
        server.deny(Permission.CREATE_READ_SESSIONS);
        List<String> byRest = texts(input, columns);

        assertThat(byArrow).isEqualTo(TEXTS);
        assertThat(byRest).isEqualTo(TEXTS);
        assertThat(server.sessions()).isEqualTo(1);
    }

    @Test
    void rowsComeByRestWhereSessionsAreForbidden() throws Exception {
        table(
                "shop.many",
                List.of("id"),
                IntStream.range(0, 25_000).mapToObj(i -> row(i)).toList());
        PinnedInput input = extract("SELECT id FROM shop.many", "id", 2);
        server.deny(Permission.CREATE_READ_SESSIONS);

        assertThat(keys(input)).hasSize(25_000).doesNotHaveDuplicates();
        List<Object> all = new ArrayList<>();
        ReadPosition position = ReadPosition.BEGINNING;
        while (all.size() < 9_000) { // each block as if by another process
            try (RowReader reader = warehouse.read(input, 0, List.of(), position)) {
                List<Object> keys = reader.read(Math.min(3_000, 9_000 - all.size()), Long.MAX_VALUE)
                        .orElseThrow()
                        .keys();
                all.addAll(keys);
                position = new ReadPosition(reader.session().orElseThrow(), position.rows() + keys.size());
            }
        }
        assertThat(all).hasSize(9_000).doesNotHaveDuplicates();
        assertThat(server.jobs().stream().filter(job -> job.id().contains("-rows-")))
                .as("two sessions for each partition, and one that is begun in the middle")
                .hasSize(5);
    }

    @Test
    void aLostAnswerIsNoSecondLoad() {
        for (int before = 0; before < 4; before++) {
            Fault[] faults = new Fault[before + 1];
            Arrays.fill(faults, Fault.SLOW);
            faults[before] = Fault.LOST_ANSWER;
            server.order(faults);
            assertThat(load("load-" + before, Mode.APPEND, "k" + before)).isEqualTo(before + 1);
        }
        assertThat(loaded()).containsExactly("k0", "k1", "k2", "k3");
    }

    @Test
    void aLoadFromARegionWithinTheTablesSucceedsAndFromElsewhereSaysWhere() {
        region = "EUROPE-WEST3";
        assertThat(load("near", Mode.APPEND, "a")).isEqualTo(1);

        region = "ASIA-EAST1";
        assertThatThrownBy(() -> load("far", Mode.APPEND, "b"))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("different locations", "ASIA-EAST1", "gcloud storage buckets create");
        assertThat(loaded()).containsExactly("a");
    }

    @Test
    void aWrongCountSaysThatTheTableWasWritten() {
        List<StoredObject> shards = List.of(shard("two.jsonl", List.of("{\"id\":\"a\"}", "{\"id\":\"b\"}")));
        List<RecordSchema.Field> columns = List.of(new RecordSchema.Field("id", FieldType.STRING));

        assertThatThrownBy(() -> warehouse.load(new TableLoad("one", scores(Mode.APPEND), "jsonl", shards, columns, 3)))
                .hasMessageContainingAll("2 rows", "3", "was written by BigQuery's job", "time travel");
    }

    /** Loads, in which one job takes so many shards. */
    private LoadShards staging(int most) {
        BigQuery client = client();
        BigQueryJobs jobs = new BigQueryJobs(
                client,
                JobId.newBuilder().setProject("billing").setLocation("EU").build(),
                () -> false,
                Sleeper.DEFAULT);
        return new LoadShards(
                client,
                jobs,
                new TargetTables(client, "billing"),
                new StageShards(client, jobs, DatasetId.of("billing", "pinned"), most));
    }

    @Test
    void moreShardsThanAJobTakesBecomeOneChange() throws Exception {
        LoadShards loads = staging(2);
        List<StoredObject> shards = IntStream.range(0, 5)
                .mapToObj(i -> shard(i + ".jsonl", List.of("{\"id\":\"k" + i + "\"}")))
                .toList();
        List<RecordSchema.Field> columns = List.of(new RecordSchema.Field("id", FieldType.STRING));
        TableLoad.Target day = new TableLoad.Target("out.scores", LocalDate.of(2026, 3, 31), Mode.APPEND);
        server.order(Fault.SLOW, Fault.LOST_ANSWER);

        assertThatThrownBy(() -> loads.load(new TableLoad("wrong", day, "jsonl", shards, columns, 6)))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("5 rows", "6", "unchanged");
        assertThat(loads.load(new TableLoad("one", day, "jsonl", shards, columns, 5)))
                .isEqualTo(5);
        assertThat(loads.load(new TableLoad("one", day, "jsonl", shards, columns, 5)))
                .isEqualTo(5);
        assertThat(loaded()).containsExactly("k0", "k1", "k2", "k3", "k4");
        assertThat(server.rows("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'one%staged'"))
                .containsExactly(List.of(0L));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void moreShardsThanAJobTakesKeepWhatATableHas(Mode mode) throws Exception {
        strictTable(Field.Mode.REQUIRED);
        warehouse.load(answers("before", scores(Mode.APPEND), "jsonl", "z"));
        List<StoredObject> shards = new ArrayList<>();
        for (String key : List.of("a", "b", "c")) {
            shards.addAll(answers("key-" + key, scores(mode), "parquet", key).shards());
        }
        TableLoad load = new TableLoad("many", scores(mode), "parquet", shards, ANSWER, 3);

        assertThat(staging(2).load(load)).isEqualTo(mode == Mode.REPLACE ? 3 : 4);
        assertThat(staging(2).load(load)).isEqualTo(mode == Mode.REPLACE ? 3 : 4);
        assertKept(Field.Mode.REQUIRED);
        assertThat(loaded("id, score")).contains(List.of("a", 0.5), List.of("b", 0.5), List.of("c", 0.5));
    }

    /** Scores have a key that a load requires. A table that lacks that takes them by a query, which is billed each time. */
    @Test
    void aTableThatAStagedLoadMadeTakesTheNextLoadsAsTheyAre() throws Exception {
        List<RecordSchema.Field> columns = List.of(
                new RecordSchema.Field("id", FieldType.STRING), new RecordSchema.Field("scores", FieldType.SCORES));
        List<StoredObject> shards = new ArrayList<>();
        for (String key : List.of("a", "b", "c")) {
            Path file = file("gs://results/" + key + ".parquet");
            Files.createDirectories(file.getParent());
            server.execute("COPY (SELECT '" + key + "' AS id, MAP {'x': 0.25::DOUBLE} AS scores) TO '" + file
                    + "' (FORMAT parquet)");
            shards.add(stored("gs://results/" + key + ".parquet"));
        }

        assertThat(staging(2).load(new TableLoad("one", day(30, Mode.REPLACE), "parquet", shards, columns, 3)))
                .isEqualTo(3);
        assertThat(warehouse.load(new TableLoad("two", day(31, Mode.REPLACE), "parquet", shards, columns, 3)))
                .isEqualTo(6);
        assertThat(server.count(ServedJob.Kind.QUERY)).isEqualTo(1);
        assertThat(staging(2).load(new TableLoad("three", day(30, Mode.REPLACE), "parquet", shards, columns, 3)))
                .isEqualTo(6);
        assertThat(loaded("id, scores").toString()).contains("a", "x", "0.25");
    }

    private static final List<RecordSchema.Field> ANSWER =
            List.of(new RecordSchema.Field("id", FieldType.STRING), new RecordSchema.Field("score", FieldType.FLOAT64));

    private BigQuery client() {
        return BigQueryClients.bigQuery(new GoogleProject("billing", NoCredentials.getInstance()), settings(null));
    }

    /** With all that a table can have beside its rows. */
    private void strictTable(Field.Mode key) {
        Field id = Field.newBuilder("id", StandardSQLTypeName.STRING)
                .setMode(key)
                .setDescription("of the receipt")
                .build();
        Field score = Field.newBuilder("score", StandardSQLTypeName.FLOAT64)
                .setPolicyTags(PolicyTags.newBuilder()
                        .setNames(List.of("projects/p/locations/eu/taxonomies/1/policyTags/2"))
                        .build())
                .build();
        StandardTableDefinition definition = StandardTableDefinition.newBuilder()
                .setSchema(Schema.of(id, score, Field.of("comment", StandardSQLTypeName.STRING)))
                .setClustering(Clustering.newBuilder().setFields(List.of("id")).build())
                .build();
        client().create(TableInfo.newBuilder(TableId.of("billing", "out", "scores"), definition)
                .setDescription("answers")
                .setLabels(Map.of("team", "a"))
                .setTableConstraints(TableConstraints.newBuilder()
                        .setPrimaryKey(PrimaryKey.newBuilder()
                                .setColumns(List.of("id"))
                                .build())
                        .build())
                .build());
        server.rowAccessPolicy("out", "scores", "own-region");
    }

    private void assertKept(Field.Mode key) {
        Table table = client().getTable(TableId.of("billing", "out", "scores"));
        StandardTableDefinition definition = table.getDefinition();
        assertThat(server.rowAccessPolicies("out", "scores")).containsExactly("own-region");
        assertThat(table.getTableConstraints().getPrimaryKey().getColumns()).containsExactly("id");
        assertThat(table.getDescription()).isEqualTo("answers");
        assertThat(table.getLabels()).isEqualTo(Map.of("team", "a"));
        assertThat(definition.getClustering().getFields()).containsExactly("id");
        assertThat(definition.getSchema().getFields().get("id").getMode()).isEqualTo(key);
        assertThat(definition.getSchema().getFields().get("id").getDescription())
                .isEqualTo("of the receipt");
        assertThat(definition.getSchema().getFields().get("score").getPolicyTags())
                .isNotNull();
    }

    /** WRITE_TRUNCATE took them all away, every night. */
    @ParameterizedTest
    @CsvSource({"REPLACE, jsonl", "APPEND, jsonl", "REPLACE, parquet", "APPEND, parquet"})
    void aLoadKeepsWhatATableHas(Mode mode, String format) throws Exception {
        strictTable(Field.Mode.REQUIRED);
        server.deny(Permission.UPDATE_TABLES);

        assertThat(warehouse.load(answers("one", scores(mode), format, "a", "b")))
                .isEqualTo(2);
        assertKept(Field.Mode.REQUIRED);
        assertThat(warehouse.load(answers("two", scores(mode), format, "c"))).isEqualTo(mode == Mode.REPLACE ? 1 : 3);
        assertKept(Field.Mode.REQUIRED);
        TableLoad none = new TableLoad("three", scores(mode), format, List.of(), ANSWER, 0);
        assertThat(warehouse.load(none)).isEqualTo(mode == Mode.REPLACE ? 0 : 3);
        assertKept(Field.Mode.REQUIRED);
    }

    private TableLoad answers(String id, TableLoad.Target target, String format, String... keys) throws Exception {
        String name = "gs://results/" + id + "." + format;
        Files.createDirectories(file(name).getParent());
        String rows =
                Arrays.stream(keys).map(key -> "('" + key + "', 0.5::DOUBLE)").collect(Collectors.joining(", "));
        server.execute("COPY (SELECT * FROM (VALUES " + rows + ") AS t(id, score)) TO '" + file(name) + "' (FORMAT "
                + (format.equals("jsonl") ? "json" : format) + ")");
        return new TableLoad(id, target, format, List.of(stored(name)), ANSWER, keys.length);
    }

    @Test
    void aColumnThatTheTableLacksIsToldBeforeTheLoad() {
        strictTable(Field.Mode.REQUIRED);
        List<RecordSchema.Field> columns = List.of(
                new RecordSchema.Field("label", FieldType.STRING), new RecordSchema.Field("score", FieldType.SCORES));

        assertThatThrownBy(() -> warehouse.verify(scores(Mode.REPLACE), "jsonl", columns))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll(
                        "it has no column 'label', which would be STRING",
                        "column 'score' is FLOAT64, and the result has JSON",
                        "column 'id' is REQUIRED, and the result lacks it",
                        "Name another table with 'table' of 'load'",
                        "bq rm -t out.scores")
                .message()
                .as("no statement changes a type")
                .doesNotContain("ALTER TABLE");
        assertThatThrownBy(() -> warehouse.verify(scores(Mode.REPLACE), "jsonl", columns.subList(0, 1)))
                .hasMessageContaining("ALTER TABLE out.scores ADD COLUMN `label` STRING;"
                        + " ALTER TABLE out.scores ALTER COLUMN `id` DROP NOT NULL");
        warehouse.verify(scores(Mode.REPLACE), "jsonl", ANSWER);
    }

    private void dailyTable(@Nullable Field day, Field.Mode key) {
        List<Field> fields = new ArrayList<>(List.of(
                Field.newBuilder("id", StandardSQLTypeName.STRING).setMode(key).build(),
                Field.of("score", StandardSQLTypeName.FLOAT64)));
        TimePartitioning.Builder days = TimePartitioning.newBuilder(TimePartitioning.Type.DAY);
        if (day != null) {
            fields.add(day);
            days.setField(day.getName());
        }
        client().create(TableInfo.of(
                TableId.of("billing", "out", "scores"),
                StandardTableDefinition.newBuilder()
                        .setSchema(Schema.of(fields))
                        .setTimePartitioning(days.build())
                        .setClustering(
                                Clustering.newBuilder().setFields(List.of("id")).build())
                        .build()));
    }

    /** The page "Introduction to partitioned tables": their decorators have another form than a day. */
    @ParameterizedTest
    @ValueSource(strings = {"HOUR", "MONTH", "YEAR"})
    void aTableOfOtherPartitionsIsNotLoadedByDay(String type) {
        client().create(TableInfo.of(
                TableId.of("billing", "out", "scores"),
                StandardTableDefinition.newBuilder()
                        .setSchema(Schema.of(Field.of("id", StandardSQLTypeName.STRING)))
                        .setTimePartitioning(TimePartitioning.of(TimePartitioning.Type.valueOf(type)))
                        .build()));

        assertThatThrownBy(() -> warehouse.verify(day(30, Mode.REPLACE)))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining("not partitioned by date");
    }

    /** The shards have no such column, and the service refuses rows of another day. */
    @ParameterizedTest
    @CsvSource({"DATE, NULLABLE", "TIMESTAMP, NULLABLE", "DATETIME, NULLABLE", "DATE, REQUIRED", "TIMESTAMP, REQUIRED"})
    void theDayBecomesItsColumnsValue(StandardSQLTypeName type, Field.Mode mode) throws Exception {
        dailyTable(Field.of("date", type), mode);
        assertThat(warehouse.verify(day(30, Mode.REPLACE))).contains("0 rows are there");

        assertThat(warehouse.load(answers("one", day(30, Mode.REPLACE), "jsonl", "a", "b")))
                .isEqualTo(2);
        assertThat(warehouse.load(answers("two", day(31, Mode.APPEND), "parquet", "c")))
                .isEqualTo(3);
        assertThat(warehouse.load(answers("three", day(30, Mode.REPLACE), "parquet", "d")))
                .isEqualTo(2);
        assertThat(loaded("id, CAST(CAST(date AS DATE) AS VARCHAR)"))
                .containsExactly(List.of("c", "2026-03-31"), List.of("d", "2026-03-30"));
        warehouse.load(new TableLoad("four", day(30, Mode.REPLACE), "jsonl", List.of(), ANSWER, 0));
        assertThat(loaded("id")).containsExactly(List.of("c"));
        assertThat(server.rows("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%staged'"))
                .containsExactly(List.of(0L));
    }

    @Test
    void aDayOfAClusteredTableIsLoaded() throws Exception {
        dailyTable(null, Field.Mode.REQUIRED);
        warehouse.load(answers("one", day(30, Mode.REPLACE), "jsonl", "a"));
        warehouse.load(answers("two", day(31, Mode.REPLACE), "parquet", "b"));
        assertThat(warehouse.load(answers("three", day(30, Mode.REPLACE), "jsonl", "c")))
                .isEqualTo(2);
        warehouse.load(new TableLoad("four", day(31, Mode.REPLACE), "jsonl", List.of(), ANSWER, 0));
        assertThat(loaded("id")).containsExactly(List.of("c"));
    }

    /** WRITE_TRUNCATE, which replaces a day, wants more than WRITE_TRUNCATE_DATA, which replaces the rows of a whole table. */
    @Test
    void replacingADayNeedsThePermissionToUpdateTheTable() {
        dailyTable(null, Field.Mode.NULLABLE);
        server.deny(Permission.UPDATE_TABLES);

        assertThat(warehouse.verify(scores(Mode.REPLACE))).contains("can be written");
        assertThat(warehouse.verify(day(30, Mode.APPEND))).contains("can be written");
        assertThatThrownBy(() -> warehouse.verify(day(30, Mode.REPLACE)))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("lack bigquery.tables.update.", "roles/bigquery.dataEditor");
    }

    @Test
    void aProjectOfADomainHasADotInItsName() throws Exception {
        lines();
        try (BigQueryWarehouse scoped = BigQueryWarehouse.open(
                new GoogleProject("example.com:billing", NoCredentials.getInstance()), settings(null))) {
            PinnedInput input = scoped.extract(of("scoped", "SELECT id FROM shop.lines"));

            assertThat(input.location()).isEqualTo("example.com:billing.pinned.scoped");
            try (RowReader reader = scoped.read(input, 0, List.of(), ReadPosition.BEGINNING)) {
                assertThat(reader.read(10, Long.MAX_VALUE).orElseThrow().rows()).isEqualTo(2);
            }
        }
    }

    private static TableLoad.Target day(int day, Mode mode) {
        return new TableLoad.Target("out.scores", LocalDate.of(2026, 3, day), mode);
    }

    /** Such a table was made by a person, or by a load before keys were required. */
    @Test
    void scoresAreLoadedIntoATableOfOptionalKeys() throws Exception {
        FieldList pair = FieldList.of(
                Field.of("key", StandardSQLTypeName.STRING), Field.of("value", StandardSQLTypeName.FLOAT64));
        client().create(TableInfo.of(
                TableId.of("billing", "out", "scores"),
                StandardTableDefinition.of(Schema.of(
                        Field.of("id", StandardSQLTypeName.STRING),
                        Field.newBuilder("scores", StandardSQLTypeName.STRUCT, pair)
                                .setMode(Field.Mode.REPEATED)
                                .build()))));
        Path file = file("gs://results/scores.parquet");
        Files.createDirectories(file.getParent());
        server.execute("COPY (SELECT 'a' AS id, MAP {'x': 0.25::DOUBLE} AS scores) TO '" + file + "' (FORMAT parquet)");
        List<RecordSchema.Field> columns = List.of(
                new RecordSchema.Field("id", FieldType.STRING), new RecordSchema.Field("scores", FieldType.SCORES));
        List<StoredObject> shards = List.of(stored("gs://results/scores.parquet"));

        assertThat(warehouse.load(new TableLoad("one", scores(Mode.REPLACE), "parquet", shards, columns, 1)))
                .isEqualTo(1);
        assertThat(loaded("scores").toString()).contains("x", "0.25");
    }

    @Test
    void allJobsAreLabelled() {
        lines();
        Map<String, String> labels = Map.of("job", "predict", "run", "predict_a");
        warehouse.extract(new Extraction(
                "labelled",
                "SELECT id FROM shop.lines",
                Map.of(),
                "id",
                List.of(),
                1,
                new Extraction.Billing(labels, 20_971_520L)));
        List<StoredObject> shards = List.of(shard("labelled.jsonl", List.of("{\"id\":\"a\"}")));
        warehouse.load(
                new TableLoad("labelled", scores(Mode.REPLACE), "jsonl", shards, ANSWER.subList(0, 1), 1, labels));

        assertThat(server.jobs())
                .hasSize(3)
                .allSatisfy(job -> assertThat(job.configuration().path("labels").propertyStream())
                        .hasSize(2));
        assertThat(server.jobs().stream()
                        .filter(job -> job.kind() == ServedJob.Kind.QUERY)
                        .map(job -> job.task().path("maximumBytesBilled").asString("")))
                .containsOnly("20971520");
    }

    /** The rows of a day's column are staged and then queried, and a day without rows is emptied. */
    @Test
    void theJobsOfAStagedLoadAreLabelled() throws Exception {
        dailyTable(Field.of("date", StandardSQLTypeName.DATE), Field.Mode.NULLABLE);
        TableLoad rows = answers("one", day(30, Mode.REPLACE), "jsonl", "a");
        for (TableLoad load :
                List.of(rows, new TableLoad("two", day(30, Mode.REPLACE), "jsonl", List.of(), ANSWER, 0))) {
            warehouse.load(new TableLoad(
                    load.id(), load.target(), "jsonl", load.shards(), ANSWER, load.rows(), Map.of("job", "predict")));
        }

        assertThat(server.jobs())
                .hasSize(3)
                .allSatisfy(job -> assertThat(
                                job.configuration().path("labels").path("job").asString())
                        .isEqualTo("predict"));
    }

    /** The first load makes the key of a pair REQUIRED, as it is in Parquet, and the result of a query has no such field. */
    @Test
    void scoresOfManyShardsAreAddedToThoseOfOne() throws Exception {
        List<RecordSchema.Field> columns = List.of(
                new RecordSchema.Field("id", FieldType.STRING), new RecordSchema.Field("scores", FieldType.SCORES));
        List<StoredObject> shards = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "gs://results/scores-" + i + ".parquet";
            Files.createDirectories(file(name).getParent());
            server.execute("COPY (SELECT 'k" + i + "' AS id, MAP {'x': 0.25::DOUBLE} AS scores) TO '" + file(name)
                    + "' (FORMAT parquet)");
            shards.add(stored(name));
        }

        warehouse.load(new TableLoad("one", scores(Mode.APPEND), "parquet", shards.subList(0, 1), columns, 1));
        assertThat(staging(2)
                        .load(new TableLoad("two", scores(Mode.APPEND), "parquet", shards.subList(1, 4), columns, 3)))
                .isEqualTo(4);
    }

    /** A load that an earlier version began is found again by its id, which is made of this. */
    @Test
    void aColumnIsWrittenAsEver() {
        assertThat(LoadShards.words(List.of(
                        new RecordSchema.Field("id", FieldType.STRING),
                        new RecordSchema.Field("e", FieldType.embedding(2)))))
                .hasToString("[Column[name=id, type=string], Column[name=e, type=embedding(2)]]");
    }

    @Test
    void scoresAreLoaded() throws Exception {
        Path file = file("gs://results/scores.parquet");
        Files.createDirectories(file.getParent());
        server.execute("COPY (SELECT 'a' AS id, MAP {'x': 0.25::DOUBLE, 'y': 0.75} AS scores) TO '" + file
                + "' (FORMAT parquet)");
        List<RecordSchema.Field> columns = List.of(
                new RecordSchema.Field("id", FieldType.STRING), new RecordSchema.Field("scores", FieldType.SCORES));

        warehouse.load(new TableLoad(
                "one", scores(Mode.REPLACE), "parquet", List.of(stored("gs://results/scores.parquet")), columns, 1));
        assertThat(server.rows("SELECT scores FROM out.scores").toString()).contains("x", "0.25", "y", "0.75");

        StoredObject json = shard("scores.jsonl", List.of("{\"id\":\"a\",\"scores\":{\"x\":0.25}}"));
        TableLoad other = new TableLoad("two", scores(Mode.REPLACE), "jsonl", List.of(json), columns, 1);
        assertThatThrownBy(() -> warehouse.load(other))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining(
                        "column 'scores' is ARRAY<STRUCT<`key` STRING, `value` FLOAT64>>, and the result has JSON");
        server.dropTable("out", "scores");
        warehouse.load(other);
        assertThat(server.rows("SELECT scores FROM out.scores").toString()).contains("x", "0.25");
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE_JOBS, roles/bigquery.jobUser",
        "READ_TABLES, roles/bigquery.dataViewer",
        "CREATE_TABLES, roles/bigquery.dataEditor",
        "UPDATE_TABLES, roles/bigquery.dataEditor",
    })
    void aMissingRoleIsNamed(Permission permission, String role) {
        lines();
        server.deny(permission);

        assertThatThrownBy(() -> extract("SELECT id FROM shop.lines", "id", 1))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining(role)
                .matches(failure -> failure.getCause() == null);
    }

    @Test
    void aGrantedRoleMendsTheRun() {
        lines();
        server.deny(Permission.CREATE_TABLES);
        Extraction extraction = of("run", "SELECT id FROM shop.lines");
        assertThatThrownBy(() -> warehouse.extract(extraction)).isInstanceOf(WarehouseException.class);
        server.allowAll();

        assertThat(warehouse.extract(extraction).totalRows()).isEqualTo(2);
    }

    @Test
    void theDatasetOfPinnedTablesIsVerified() throws Exception {
        assertThat(warehouse.verifyDataset()).contains("EU", "by the Storage Read API");
        server.deny(Permission.CREATE_READ_SESSIONS);
        assertThat(warehouse.verifyDataset()).contains("page by page", "roles/bigquery.readSessionUser");
        assertThat(server.rows("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'pinned'"))
                .containsExactly(List.of(0L));
        server.deny(Permission.CREATE_TABLES);
        assertThatThrownBy(() -> warehouse.verifyDataset())
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining("roles/bigquery.dataEditor");
    }

    /** The actions of a run on its pinned table: writes it, reads it, gives it an expiration, removes it. */
    @ParameterizedTest
    @EnumSource(names = {"READ_TABLES", "WRITE_TABLES", "UPDATE_TABLES", "DELETE_TABLES"})
    void theDatasetOfPinnedTablesNeedsEachPermission(Permission permission) throws Exception {
        server.deny(permission, "pinned");

        assertThatThrownBy(() -> warehouse.verifyDataset())
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll(permission.code(), "roles/bigquery.dataEditor on the dataset")
                .message()
                .doesNotContain("readSessionUser");
    }

    /** A table that a load makes may be in a dataset where tables can be made and not be written. */
    @ParameterizedTest
    @CsvSource({
        "WRITE_TABLES, REPLACE,",
        "WRITE_TABLES, APPEND,",
        "UPDATE_TABLES, REPLACE,",
        "UPDATE_TABLES, REPLACE, 2026-03-30"
    })
    void aTableThatIsNotThereYetIsVerified(Permission permission, Mode mode, @Nullable LocalDate day) throws Exception {
        TableLoad.Target target = new TableLoad.Target("out.scores", day, mode);
        assertThat(warehouse.verify(target)).contains("does not exist yet");
        server.deny(permission, "out");

        TableLoad load = answers("one", target, "jsonl", "a");
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(() -> warehouse.verify(target), () -> warehouse.load(load))) {
            assertThatThrownBy(call)
                    .isInstanceOf(WarehouseException.class)
                    .hasMessageContainingAll(permission.code(), "roles/bigquery.dataEditor on the dataset");
        }
        assertThat(server.rows("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'out'"))
                .containsExactly(List.of(0L));
    }

    @Test
    void aDatasetElsewhereIsRefused() throws Exception {
        server.dataset("far", "US");
        assertThatThrownBy(() -> warehouse.verify(new TableLoad.Target("far.scores", null, Mode.REPLACE)))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("far", "US", "EU");
        assertThatThrownBy(() -> warehouse.verify(new TableLoad.Target("none.scores", null, Mode.REPLACE)))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("none", "bq --location=EU mk billing:none");
    }

    @Test
    void verifyingCostsNothing() {
        lines();
        Preview seen = warehouse.verify(of("run", "SELECT id, 1 AS n FROM shop.lines"));

        assertThat(seen.words()).contains("bytes", "$", "id STRING, n INT64", "rows were not read");
        assertThat(seen.rows()).isEmpty();
        assertThat(server.jobs()).isEmpty();
    }

    @Test
    void aColumnThatHasNoTextIsRefusedBeforeTheQueryRuns() {
        lines();
        Extraction extraction = new Extraction(
                "run",
                "SELECT id, struct_pack(a := id) AS s FROM shop.lines",
                Map.of(),
                "id",
                List.of(new Extraction.Use("s", "text of 'infer', line 7")),
                1,
                Extraction.Billing.NONE);

        assertThatThrownBy(() -> warehouse.extract(extraction))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("'s' is a STRUCT", "TO_JSON_STRING(s) AS s");
        assertThat(server.jobs()).isEmpty();
    }

    /** Whatever may go wrong with a call goes wrong with one in twenty. */
    @Test
    void nothingIsLostOrDoubledWhenCallsFail() {
        table(
                "shop.many",
                List.of("id", "text"),
                IntStream.range(0, 2_000).mapToObj(i -> row("k" + i, "t" + i)).toList());
        server.faults(0.05, 7);
        for (int run = 0; run < 12; run++) {
            PinnedInput input = warehouse.extract(new Extraction(
                    "faulty-" + run,
                    "SELECT id, text FROM shop.many",
                    Map.of(),
                    "id",
                    List.of(),
                    3,
                    Extraction.Billing.NONE));
            List<Object> keys = new ArrayList<>();
            for (int partition = 0; partition < 3; partition++) {
                keys.addAll(patiently(input, partition));
            }
            assertThat(keys).hasSize(2_000).doesNotHaveDuplicates();
            assertThat(load("faulty-" + run, Mode.APPEND, "r" + run)).isEqualTo(run + 1);
        }
        server.faults(0, 0);
        assertThat(loaded()).hasSize(12);
        assertThat(server.injected()).containsKeys(Fault.LOST_ANSWER, Fault.UNAVAILABLE, Fault.BROKEN_STREAM);
    }

    /** Begins again when a session expires, as a step does. */
    private List<Object> patiently(PinnedInput input, int partition) {
        while (true) {
            try (RowReader reader = warehouse.read(input, partition, List.of("text"), ReadPosition.BEGINNING)) {
                List<Object> keys = new ArrayList<>();
                Optional<RowBlock> block = reader.read(100, Long.MAX_VALUE);
                while (block.isPresent()) {
                    keys.addAll(block.get().keys());
                    block = reader.read(100, Long.MAX_VALUE);
                }
                return keys;
            } catch (SessionExpiredException e) {
                // again
            }
        }
    }

    private ReadPosition readOne(PinnedInput input, List<String> columns, ReadPosition from) {
        try (RowReader reader = warehouse.read(input, 0, columns, from)) {
            int rows = reader.read(1, Long.MAX_VALUE).orElseThrow().rows();
            return new ReadPosition(reader.session().orElseThrow(), from.rows() + rows);
        }
    }

    private List<String> texts(PinnedInput input, List<String> columns) {
        try (RowReader reader = warehouse.read(input, 0, columns, ReadPosition.BEGINNING)) {
            return reader.read(1, Long.MAX_VALUE).orElseThrow().columns().values().stream()
                    .map(column -> String.valueOf(column.get(0)))
                    .toList();
        }
    }

    private PinnedInput extract(String query, Map<String, Object> parameters) {
        return warehouse.extract(new Extraction(
                "typed-" + query.hashCode(), query, parameters, "id", List.of(), 1, Extraction.Billing.NONE));
    }

    private static Extraction of(String id, String query) {
        return new Extraction(id, query, Map.of(), "id", List.of(), 1, Extraction.Billing.NONE);
    }
}
