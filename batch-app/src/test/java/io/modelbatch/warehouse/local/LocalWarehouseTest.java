package io.modelbatch.warehouse.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.result.FieldType;
import io.modelbatch.result.JsonLines;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.warehouse.TableLoad.Mode;
import io.modelbatch.warehouse.Warehouse;
import io.modelbatch.warehouse.WarehouseContract;
import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

class LocalWarehouseTest extends WarehouseContract {
    @TempDir
    Path home;

    private Path tables;
    private Path pinned;
    private ObjectStore store;
    private Warehouse warehouse;

    @BeforeEach
    void open() {
        tables = home.resolve("warehouse");
        pinned = home.resolve("pinned");
        store = ObjectStores.folder(home.resolve("buckets"));
        warehouse = LocalWarehouse.of(tables, pinned, store);
    }

    @Override
    protected Warehouse warehouse() {
        return warehouse;
    }

    @Override
    protected void table(String name, List<String> columns, List<List<@Nullable Object>> rows) {
        Path file = tables.resolve(name.replace('.', '/') + ".jsonl");
        try {
            Files.createDirectories(file.getParent());
            JsonLines.write(objects(columns, rows), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected StoredObject shard(String name, Path file) throws IOException {
        return store.put(ObjectUri.parse("gs://results/" + name), file);
    }

    @Override
    protected List<List<@Nullable Object>> loaded(String columns) throws SQLException {
        List<List<@Nullable Object>> found = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT " + columns + " FROM '" + tables.resolve("out/scores.parquet") + "' ORDER BY id")) {
            while (rows.next()) {
                List<@Nullable Object> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(rows.getObject(i));
                }
                found.add(row);
            }
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "jsonl", "parquet"})
    void filesAreTables(String format) throws Exception {
        switch (format) {
            case "csv" -> write("shop/lines.csv", "id,text\n1,one\n2,\"two, three\"\n");
            case "jsonl" ->
                write("shop/lines.jsonl", "{\"id\":1,\"text\":\"one\"}\n{\"id\":2,\"text\":\"two, three\"}\n");
            default ->
                duckdb("COPY (FROM (VALUES (1, 'one'), (2, 'two, three')) AS t(id, text)) TO '"
                        + Files.createDirectories(tables.resolve("shop")).resolve("lines.parquet") + "'");
        }

        PinnedInput input = extract("SELECT id, text FROM shop.lines", "id", 1);

        assertThat(pairs(input, "text")).containsExactly("1=one", "2=two, three");
        assertThat(keys(extract("SELECT id FROM `shop.lines` WHERE id = 2", "id", 1)))
                .containsExactly(2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lines.txt", "lines.json", "lines.xlsx", "lines.csv.gz", "lines", ".lines.csv"})
    void otherFilesAreNoTables(String file) {
        write("shop/" + file, "id,text\n1,one\n");
        write("shop/other.csv", "id\n1\n");

        assertRefused(
                "SELECT id FROM shop.lines",
                "id",
                "the table shop.lines, which does not exist",
                "Tables in " + tables + ": shop.other");
    }

    @Test
    void aTableInTwoFilesIsRefused() {
        lines();
        write("shop/lines.csv", "id\n1\n");

        assertRefused("SELECT id FROM shop.lines", "id", "shop.lines", "lines.csv", "lines.jsonl", "remove one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT id FROM lines | Catalog Error: Table with name lines does not exist. A table is written with its dataset: dataset.table.",
                "SELECT txt FROM shop.lines | Binder Error: Referenced column \"txt\" not found in FROM clause. Candidate bindings: \"text\".",
                "SELECT LOWER(text, 1) FROM shop.lines | Binder Error: No function matches the given name and argument types 'lower(VARCHAR, INTEGER_LITERAL)'. You might need to add explicit type casts.",
                "SELECT FROM FROM | Parser Error: syntax error at or near \"FROM\".",
                "SELECT (1 | Parser Error: syntax error at end of input.",
            })
    void aRefusalIsASentence(String query, String message) {
        lines();
        assertThatThrownBy(() -> extract(query, "id", 1))
                .isInstanceOf(WarehouseException.class)
                .hasMessage("The query cannot run: " + message.formatted(tables));
    }

    @Test
    void aRefusalSaysThatThereAreNoTables() {
        assertThatThrownBy(() -> extract("SELECT id FROM shop.lines", "id", 1))
                .hasMessage("The query reads the table shop.lines, which does not exist. No tables are in " + tables);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.line", "shopp.lines"})
    void aTableThatDoesNotExistIsNamedBesideThoseThatDo(String table) {
        lines();
        assertThatThrownBy(() -> extract("SELECT id FROM " + table, "id", 1))
                .hasMessage("The query reads the table " + table + ", which does not exist. Tables in " + tables
                        + ": shop.lines");
    }

    /** A decoder with a vulnerability never sees the data. */
    @Test
    void aFileThatIsCompressedWithBrotliIsRefused() throws Exception {
        Path file = Files.createDirectories(tables.resolve("shop")).resolve("lines.parquet");
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute(
                    "COPY (SELECT 1 AS id, 'milk' AS text) TO '" + file + "' (FORMAT parquet, COMPRESSION brotli)");
        }

        assertRefused(
                "SELECT id FROM shop.lines",
                "id",
                "lines.parquet is compressed with Brotli",
                "CVE-2026-111497",
                "zstd");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_csv('/etc/passwd')",
                "SELECT * FROM read_text('/etc/passwd')",
                "SELECT * FROM read_blob('/etc/passwd')",
                "SELECT * FROM read_text('file:///etc/passwd')",
                "SELECT Delimiter AS id FROM sniff_csv('/etc/passwd')",
                "SELECT * FROM glob('/etc/*')",
                "SELECT * FROM '%1$s/secret.csv'",
                "SELECT * FROM read_csv('%1$s/secret.csv')",
                "SELECT * FROM read_json('%1$s/secret.csv')",
                "SELECT * FROM read_parquet('%1$s/secret.csv')",
                "SELECT * FROM parquet_metadata('%1$s/secret.csv')",
                "SELECT * FROM query_table('%1$s/secret.csv')",
                "SELECT * FROM read_text('%1$s/warehouse/../secret.csv')",
                "SELECT * FROM read_text('%1$s/warehouse-2/secret.csv')",
                "SELECT * FROM glob('%1$s/warehouse/../*')",
                "SELECT * FROM read_text(['%1$s/warehouse/shop/lines.jsonl', '%1$s/secret.csv'])",
                "WITH a AS (SELECT * FROM '%1$s/secret.csv') SELECT * FROM a",
                "SELECT (SELECT content FROM read_text('%1$s/secret.csv')) AS id FROM shop.lines",
            })
    void noFileOutsideTheWarehouseIsRead(String query) {
        lines();
        write("../secret.csv", "id\nsecret\n");
        write("../warehouse-2/secret.csv", "id\nsecret\n");

        assertThatThrownBy(() -> extract(query.formatted(home), "id", 1))
                .isInstanceOf(WarehouseException.class)
                .hasMessageMatching(
                        "The query cannot run in both environments: .* \\(line 1, column \\d+ of the query\\)");
        assertCannotBeReached(query.formatted(home));
    }

    /** A second wall behind the first. */
    private void assertCannotBeReached(String sql) {
        assertThatThrownBy(() -> {
                    try (Connection duckdb = DuckDb.open(home.resolve("spill"));
                            Statement statement = duckdb.createStatement()) {
                        statement.execute("CREATE SCHEMA shop; CREATE TABLE shop.lines (id VARCHAR)");
                        DuckDb.lockDown(duckdb, List.of(), List.of());
                        statement.execute(sql);
                    }
                })
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("Cannot access file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY (SELECT 1) TO '%1$s/new.csv'",
                "CREATE TABLE new AS SELECT 1 AS id",
                "ATTACH '%1$s/new.db'",
                "SET enable_external_access = true",
                "INSTALL httpfs",
                "LOAD httpfs",
                "EXPORT DATABASE '%1$s/new'",
                "CALL enable_logging(storage = 'file', storage_path = '%1$s/new')",
                "SELECT 1 AS id; COPY (SELECT 1) TO '%1$s/new.csv'",
                "SELECT 1 AS id); COPY (SELECT 1) TO '%1$s/new.csv'; SELECT * FROM (SELECT 1 AS id",
                "SELECT 1 AS id -- \r); COPY (SELECT 1) TO '%1$s/new.csv'; SELECT * FROM (SELECT 1 AS id",
                "SELECT E'\\' ' AS id); COPY (SELECT 1) TO '%1$s/new.csv'; SELECT * FROM (SELECT 1 AS id --'",
                "SELECT $$ ' $$ AS id); COPY (SELECT 1) TO '%1$s/new.csv'; SELECT * FROM (SELECT 1 AS id --'",
                "SELECT E'\\' ' AS id; COPY (SELECT 1) TO '%1$s/new.csv'; SELECT 1 AS id --'",
                "SELECT E'\\' ' AS id; SET threads = 1; SELECT 1 AS id --'",
                "SELECT E'\\' ' AS id; SELECT 1 AS id --'",
                "WITH a AS (SELECT 1) INSERT INTO shop.lines SELECT * FROM a",
                "WITH a AS (DELETE FROM shop.lines) SELECT * FROM a",
                "SELECT * FROM (COPY (SELECT 1) TO '%1$s/new.csv')",
                "SELECT * FROM query('COPY (SELECT 1) TO ''%1$s/new.csv''')",
                "SELECT * FROM query('SELECT * FROM enable_logging()')",
                "SELECT * FROM enable_logging()",
                "SELECT * FROM Enable_Logging(storage = 'file', storage_path = '%1$s/new')",
                "SELECT * FROM \"system\".main.\"enable_logging\"()",
                "SELECT (SELECT 1 FROM enable_logging()) AS id",
                "WITH a AS (SELECT * FROM enable_logging()) SELECT 1 AS id FROM a",
                "SELECT * FROM arrow_scan(1, 2, 3)",
            })
    void aQueryOnlyReads(String query) throws Exception {
        lines();
        List<String> before = files();

        assertThatThrownBy(() -> extract(query.formatted(tables), "id", 1)).isInstanceOf(WarehouseException.class);

        assertThat(files()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM 'http://%s/x.csv'",
                "SELECT * FROM read_csv('http://%s/x.csv')",
                "SELECT * FROM read_parquet('http://%s/x.parquet')",
                "SELECT * FROM read_json('http://%s/x.json')",
            })
    void aQueryReachesNoNetwork(String query) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(1);
            assertRefused(query.formatted("127.0.0.1:" + server.getLocalPort()), "id", "column 1");
            assertCannotBeReached(query.formatted("127.0.0.1:" + server.getLocalPort()));

            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
        }
        assertCannotBeReached("SELECT * FROM 's3://bucket/x.parquet'");
    }

    @Test
    void aQueryThatNestsTooDeepDoesNotEndTheProcess() {
        int depth = 900;
        for (String query : List.of(
                "SELECT " + "abs(".repeat(depth) + "1" + ")".repeat(depth) + " AS id",
                "SELECT 1" + " + 1".repeat(depth) + " AS id",
                "SELECT * FROM (".repeat(depth) + "SELECT 1 AS id" + ")".repeat(depth))) {
            assertThatThrownBy(() -> extract(query, "id", 1))
                    .isInstanceOf(WarehouseException.class)
                    .hasMessageMatching(
                            "The query cannot run(: Parser Error: Max expression depth limit of \\d+ exceeded\\.|.* 250 parentheses .*)");
        }
    }

    @Test
    void aPivotIsRefused() {
        lines();
        assertRefused("SELECT * FROM (PIVOT shop.lines ON text USING count(*))", "id", "PIVOT", "line 1, column 16");
    }

    @Test
    void aPlaceholderOfDuckDbIsNoParameter() {
        assertRefused("SELECT ? AS id", "id", "'?' is not GoogleSQL", "column 8");
        assertRefused("SELECT $1 AS id", "id", "'$' is not GoogleSQL", "column 8");
    }

    @Test
    void aLongLiteralIsText() {
        String text = "x'".repeat(50_000);

        PinnedInput input = extract("SELECT 'a' AS id, '" + text.replace("'", "\\'") + "' AS text", "id", 1);

        assertThat(pairs(input, "text")).containsExactly("a=" + text);
    }

    @Test
    void aColumnWithANameOfDuckDbsOwnIsRefused() {
        assertRefused("SELECT 'a' AS id, 1 AS File_Row_Number", "id", "file_row_number", "AS");
    }

    @Test
    void foldersMayHaveAnyName() {
        Path odd = home.resolve("o'brien [x] *?{a,b} %s \\ \ud83c\udf88");
        tables = odd.resolve("warehouse");
        store = ObjectStores.folder(odd.resolve("buckets"));
        warehouse = LocalWarehouse.of(tables, odd.resolve("pinned"), store);
        lines();

        assertThat(keys(extract("SELECT id FROM shop.lines", "id", 2))).containsExactlyInAnyOrder("a", "b");
        load("one", Mode.APPEND, "a");
        load("two", Mode.APPEND, "b");
        assertThat(loaded()).containsExactly("a", "b");
    }

    @Test
    void pinnedRowsThatAreGoneAreNamed() throws Exception {
        lines();
        PinnedInput input = extract("SELECT id FROM shop.lines", "id", 1);
        Path folder = Path.of(input.location());

        Files.delete(folder.resolve("part-00000.parquet"));
        assertThatThrownBy(() -> warehouse.read(input, 0, List.of(), ReadPosition.BEGINNING))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("gone", "part-00000.parquet", "again=true");

        FileSystemUtils.deleteRecursively(folder);
        assertThatThrownBy(() -> warehouse.read(input, 0, List.of(), ReadPosition.BEGINNING))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll(folder.toString(), "gone", "again=true");
    }

    @Test
    void aRefusedQueryLeavesNothing() throws Exception {
        lines();
        assertRefused("SELECT id, id || 'x' AS k FROM shop.lines", "nothing", "'nothing'");

        assertThat(children(pinned)).isEmpty();
    }

    @Test
    void theNextExtractionRemovesWhatAKilledOneLeft() throws Exception {
        lines();
        Path left = Files.createDirectories(pinned.resolve(".incoming-run.123"));
        Files.writeString(left.resolve("part-00000.parquet"), "half");
        Path ofAnother = Files.createDirectories(pinned.resolve(".incoming-run-2.123"));

        warehouse.extract(extraction("run", "SELECT id FROM shop.lines", Map.of(), "id", 1));

        assertThat(children(pinned)).containsExactly(ofAnother.getFileName().toString(), "run");
    }

    @Test
    void theNextLoadRemovesWhatAKilledOneLeft() throws Exception {
        Path left = Files.createDirectories(tables.resolve("out/.load-scores.parquet"));
        Files.writeString(left.resolve("table.parquet"), "half");
        Path ofAnother = Files.createDirectories(tables.resolve("out/.load-scores2.parquet"));

        load("one", Mode.APPEND, "a");

        assertThat(left).doesNotExist();
        assertThat(ofAnother).exists();
    }

    @Test
    void aFailingLoadLeavesNothing() throws Exception {
        load("one", Mode.REPLACE, "a");
        List<String> before = files();
        assertThatThrownBy(() -> warehouse.load(new TableLoad(
                        "two",
                        scores(Mode.APPEND),
                        "jsonl",
                        List.of(new StoredObject(ObjectUri.parse("gs://results/gone.jsonl"), 10, "00000000", 1)),
                        List.of(new RecordSchema.Field("id", FieldType.STRING)),
                        1)))
                .hasMessageContaining("gone.jsonl");

        assertThat(files()).isEqualTo(before);
        assertThat(loaded()).containsExactly("a");
    }

    @Test
    void theFilesOfALoadAtWorkAreNoTables() throws Exception {
        lines();
        Files.writeString(
                Files.createDirectories(tables.resolve(".load-out.scores")).resolve("lines.parquet"), "half");

        assertThat(extract("SELECT id FROM shop.lines", "id", 1).totalRows()).isEqualTo(2);
    }

    @Test
    void aReplacedLoadMayBeAddedAgain() {
        load("one", Mode.APPEND, "a");
        load("two", Mode.REPLACE, "b");

        assertThat(load("one", Mode.APPEND, "a")).isEqualTo(2);
        assertThat(loaded()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource({"REPLACE, 1", "REPLACE, 3", "APPEND, 1", "APPEND, 3"})
    void aWrongRowCountLeavesTheTableAsItWas(Mode mode, long rows) {
        load("one", Mode.REPLACE, "x", "y");
        List<StoredObject> shards = List.of(shard("wrong.jsonl", List.of("{\"id\":\"a\"}", "{\"id\":\"b\"}")));
        List<RecordSchema.Field> columns = List.of(new RecordSchema.Field("id", FieldType.STRING));

        assertThatThrownBy(() -> warehouse.load(new TableLoad("two", scores(mode), "jsonl", shards, columns, rows)))
                .hasMessageContaining("unchanged");
        assertThat(loaded()).containsExactly("x", "y");
    }

    @Test
    void aShardThatChangedSinceItWasVerifiedIsNotLoaded() throws Exception {
        load("one", Mode.REPLACE, "x");
        StoredObject good = shard("good.jsonl", List.of("{\"id\":\"a\"}"));
        StoredObject before = new StoredObject(good.uri(), good.bytes(), "00000000", good.generation());

        assertThatThrownBy(() -> warehouse.load(new TableLoad(
                        "two",
                        scores(Mode.REPLACE),
                        "jsonl",
                        List.of(before),
                        List.of(new RecordSchema.Field("id", FieldType.STRING)),
                        1)))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("good.jsonl", "changed", "unchanged");
        assertThat(loaded()).containsExactly("x");
    }

    @Test
    void noLoadWritesBesideAFileOfAnotherFormat() {
        table("out.scores", List.of("id"), List.of(row("a")));

        assertThatThrownBy(() -> load("one", Mode.APPEND, "b"))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("out.scores", "scores.jsonl", "Parquet");
        assertThat(loaded()).containsExactly("a");
    }

    @Test
    void aLoadAddsToATableThatNoLoadMade() throws Exception {
        Path file = Files.createDirectories(tables.resolve("out")).resolve("scores.parquet");
        duckdb("COPY (SELECT 'a' AS id, 1.5::DOUBLE AS score) TO '" + file + "'");

        assertThat(load("one", Mode.APPEND, "b")).isEqualTo(2);
        assertThat(loaded()).containsExactly("a", "b");
    }

    @Test
    void aLineOfJsonMayBeLong() {
        String key = "x".repeat(17 << 20);

        load("one", TableLoad.Mode.REPLACE, key);

        assertThat(loaded().equals(List.of(key))).isTrue();
    }

    @Test
    void loadsAtTheSameTimeAllStay() throws Exception {
        int loads = 8;
        List<StoredObject> shards = IntStream.range(0, loads)
                .mapToObj(i -> shard(i + ".jsonl", List.of("{\"id\":\"k" + i + "\"}")))
                .toList();
        List<Callable<Long>> tasks = IntStream.range(0, loads)
                .mapToObj(i -> (Callable<Long>) () -> {
                    Warehouse own = LocalWarehouse.of(tables, pinned, store);
                    return own.load(new TableLoad(
                            "load-" + i,
                            scores(Mode.APPEND),
                            "jsonl",
                            List.of(shards.get(i)),
                            List.of(new RecordSchema.Field("id", FieldType.STRING)),
                            1));
                })
                .toList();
        List<Long> counts = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<Long> count : threads.invokeAll(tasks)) {
                counts.add(count.get());
            }
        } finally {
            threads.shutdown();
        }

        assertThat(counts).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(loaded()).containsExactly("k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7");
    }

    private void write(String file, String content) {
        try {
            Path path = tables.resolve(file).normalize();
            Files.createDirectories(path.getParent());
            Files.writeString(path, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.map(file -> home.relativize(file) + " "
                            + (Files.isRegularFile(file) ? file.toFile().length() : 0))
                    .filter(file -> !file.startsWith("pinned ") && !file.startsWith("shard "))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> children(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void duckdb(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
