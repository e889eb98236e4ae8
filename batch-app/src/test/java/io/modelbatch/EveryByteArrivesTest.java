package io.modelbatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Maps;
import io.modelbatch.CommandLine.Ended;
import io.modelbatch.model.EchoModel;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.tensor.Json;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.store.google.StorageServer;
import io.modelbatch.warehouse.local.CommonTables;
import io.modelbatch.warehouse.local.HostileTables;
import io.modelbatch.warehouse.local.LocalTable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Values of odd tables on their whole way: from the file, or from BigQuery, through the pinned rows, the tokenizer, the model, the shards and the load
 * into a table; and as labels that a model learns. {@link EchoModel} answers with the bytes that it read.
 */
class EveryByteArrivesTest {
    private static final String JOB = """
            steps:
              - extract:
                  query: |
                    %s
                  key: id
                  partitions: 2
              - infer:
                  name: columns
                  model: gs://models/echo
                  task: token-classification
                  aggregation: none
                  text: text
                  to: gs://results/columns
                  format: parquet
                  rejects: { max: 0 }
              - load: { name: load-columns, table: out.columns, mode: replace }
              - infer:
                  name: lines
                  model: gs://models/echo
                  task: token-classification
                  aggregation: none
                  text: text
                  to: gs://results/lines
                  format: jsonl
                  rejects: { max: 0 }
              - load: { name: load-lines, table: out.lines, mode: append }
              - train:
                  model: gs://models/plain
                  task: text-classification
                  text: text
                  label: text
                  num-train-epochs: 1
              - evaluate: {}
              - publish: { to: gs://models/learned }
            """;
    private static final int LABELS = 250;
    private static final List<String> LOADED = List.of("columns", "lines");

    /** Bytes of the entities of a text, in hexadecimal digits. */
    private static final String READ = "SELECT id, CASE WHEN len(entities) = 0 THEN ''"
            + " ELSE array_to_string(list_transform(entities, lambda e: substr(e.entity, 2)), '') END FROM ";

    private static final Fixture PLAIN = Fixture.named("sentence-embeddings");

    @TempDir
    private static Path models;

    @TempDir
    private Path folder;

    /** Tables of the corpus whose rows one query can ask for beside others. */
    private static List<LocalTable> corpus() {
        return Stream.concat(CommonTables.readable(), HostileTables.readable())
                .filter(table -> table.query().contains("shop.t"))
                .filter(table -> table.rows().stream().allMatch(row -> row.text() == null || isShort(row.text())))
                .filter(table -> table.query().matches("[\\p{Print}]+"))
                .filter(table -> !table.rows().stream()
                        .allMatch(row ->
                                String.valueOf(row.text()).matches("-?[0-9]+\\.[0-9]+"))) // a cast writes 1.10 as 1.1
                .filter(table -> !table.title().matches("parquet: .*(lists|structs|maps|bytes|no text).*"))
                .toList();
    }

    /** By key, what must arrive. */
    private static Map<String, String> expected(List<LocalTable> tables) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (int number = 0; number < tables.size(); number++) {
            for (LocalTable.Row row : tables.get(number).rows()) {
                if (row.text() != null) {
                    rows.put("t" + number + ":" + row.key(), row.text());
                }
            }
        }
        return rows;
    }

    private static boolean isShort(String text) {
        return text.getBytes(UTF_8).length <= EchoModel.MOST_BYTES;
    }

    @BeforeAll
    static void writeModel() throws IOException {
        EchoModel.write(models.resolve("echo"));
    }

    @Test
    void locally() throws Exception {
        List<LocalTable> tables = corpus();
        Map<String, String> expected = expected(tables);
        assertThat(tables).hasSizeGreaterThan(200);
        List<String> selects = new ArrayList<>();
        for (int number = 0; number < tables.size(); number++) {
            String dataset = "t" + number;
            LocalTable table = tables.get(number);
            table.in(dataset).write(folder.resolve("local/warehouse"));
            selects.add(
                    "SELECT CONCAT('" + dataset + ":', CAST(id AS STRING)) AS id, CAST(text AS STRING) AS text FROM ("
                            + table.in(dataset).query() + ") AS q");
        }
        String query = "SELECT * FROM (" + union(selects) + ") AS q WHERE text IS NOT NULL";
        CommandLine commands = new CommandLine(folder)
                .model("models/echo", models.resolve("echo"))
                .model("models/plain", PLAIN.model())
                .job("all", JOB.formatted(query));

        assertCompleted(commands.run("job=all"));

        for (String table : LOADED) {
            Path file = folder.resolve("local/warehouse/out/" + table + ".parquet");
            try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
                assertArrived(rows(duckdb, READ + "'" + file + "'"), expected);
            }
        }
        assertLabels(new LocalShop(folder, Map.of()).store(), expected);
    }

    @Test
    void onGoogleCloud() throws Exception {
        Map<String, String> expected = expected(corpus());
        try (StorageServer storage = StorageServer.start(folder.resolve("storage"))) {
            GoogleShop.BUCKETS.forEach(storage::bucket);
            try (GoogleShop google = GoogleShop.open(folder, storage.address(), Map.of())) {
                google.bigQuery().dataset("out", GoogleShop.LOCATION).table("shop", "t", parquet(expected));
                google.model("models/echo", models.resolve("echo"));
                google.model("models/plain", PLAIN.model());
                CommandLine commands = new CommandLine(folder).job("all", JOB.formatted("SELECT id, text FROM shop.t"));

                assertCompleted(commands.run(
                        Stream.concat(Stream.of("job=all"), google.arguments()).toArray(String[]::new)));

                for (String table : LOADED) {
                    assertArrived(google.bigQuery().rows(READ + "out." + table), expected);
                }
                assertLabels(google.store(), expected);
            }
        }
    }

    private static void assertLabels(ObjectStore store, Map<String, String> rows) throws IOException {
        ObjectUri config = store.list(ObjectUri.parse("gs://models/learned")).stream()
                .map(StoredObject::uri)
                .filter(uri -> uri.fileName().equals("config.json"))
                .min(Comparator.comparingInt(uri -> uri.toString().length())) // modules have theirs below
                .orElseThrow();
        Set<String> labels = new HashSet<>();
        Json.MAPPER.readTree(store.read(config)).path("id2label").forEach(label -> labels.add(label.stringValue()));
        assertThat(rows.values()).containsAll(labels); // some are held out
        assertThat(labels).hasSizeGreaterThan(LABELS);
    }

    private static void assertCompleted(Ended run) {
        assertThat(run.exit()).as(run.words()).isZero();
    }

    /** As a tree: DuckDB's parser takes a nesting of 250. */
    private static String union(List<String> selects) {
        int half = selects.size() / 2;
        return half == 0
                ? selects.get(0)
                : "(" + union(selects.subList(0, half)) + " UNION ALL " + union(selects.subList(half, selects.size()))
                        + ")";
    }

    private Path parquet(Map<String, String> rows) throws SQLException {
        Path file = folder.resolve("rows.parquet");
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("CREATE TABLE rows (id VARCHAR, text VARCHAR)");
            try (PreparedStatement insert = duckdb.prepareStatement("INSERT INTO rows VALUES (?, ?)")) {
                for (Map.Entry<String, String> row : rows.entrySet()) {
                    insert.setString(1, row.getKey());
                    insert.setString(2, row.getValue());
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            statement.execute("COPY rows TO '" + file + "' (FORMAT parquet)");
        }
        return file;
    }

    private static List<List<@Nullable Object>> rows(Connection duckdb, String query) throws SQLException {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                var found = statement.executeQuery(query)) {
            while (found.next()) {
                rows.add(List.of(found.getString(1), found.getString(2)));
            }
        }
        return rows;
    }

    private static void assertArrived(List<List<@Nullable Object>> rows, Map<String, String> expected) {
        Map<String, String> texts = rows.stream()
                .collect(Collectors.toMap(
                        row -> String.valueOf(row.get(0)),
                        row -> new String(HexFormat.of().parseHex(String.valueOf(row.get(1))), UTF_8)));
        assertThat(Maps.difference(texts, Maps.transformValues(expected, EveryByteArrivesTest::named))
                        .entriesDiffering())
                .isEmpty();
        assertThat(texts.keySet()).isEqualTo(expected.keySet());
    }

    /** A text of nothing but spaces names nothing: it has no entities, by the pipeline's rule. */
    private static String named(String text) {
        return text.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c)) ? "" : text;
    }
}
