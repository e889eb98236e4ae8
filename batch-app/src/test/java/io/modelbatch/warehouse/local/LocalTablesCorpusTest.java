package io.modelbatch.warehouse.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.Records;
import io.modelbatch.result.ShardWriter;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.warehouse.TableLoad.Mode;
import io.modelbatch.warehouse.Warehouse;
import io.modelbatch.warehouse.WarehouseContract;
import io.modelbatch.warehouse.WarehouseException;
import io.modelbatch.warehouse.local.LocalTable.Content;
import io.modelbatch.warehouse.local.LocalTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables are read as they stand in their files, or refused in words; and what was read from them is loaded as it is. */
class LocalTablesCorpusTest {
    @TempDir
    Path home;

    private Path tables;
    private ObjectStore store;
    private Warehouse warehouse;
    private int extractions;

    @BeforeEach
    void open() {
        tables = home.resolve("warehouse");
        store = ObjectStores.folder(home.resolve("buckets"));
        warehouse = LocalWarehouse.of(tables, home.resolve("pinned"), store);
    }

    static Stream<LocalTable> tablesThatAreRead() {
        return Stream.concat(CommonTables.readable(), HostileTables.readable());
    }

    static Stream<LocalTable> tablesThatAreRefused() {
        return Stream.concat(CommonTables.refusable(), HostileTables.refusable());
    }

    @ParameterizedTest
    @MethodSource("tablesThatAreRead")
    void aTableIsReadAndLoadedAsItStands(LocalTable table) throws Exception {
        table.write(tables);

        List<Row> rows = rows(table.query());

        assertThat(rows).containsExactlyInAnyOrderElementsOf(table.rows());
        String format = table.title().length() % 2 == 0 ? "jsonl" : "parquet"; // each has its half of the tables
        StoredObject shard = shard(rows, format);
        load("first", format, shard, rows);
        assertThat(stored(format)).containsExactlyInAnyOrderElementsOf(table.rows());
        if (table.title().length() % 8 < 2) { // WarehouseContract appends for each type
            load("second", format, shard, rows);
            assertThat(stored(format))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(table.rows().stream(), table.rows().stream())
                            .toList());
        }
    }

    @Test
    void parentsWithOddNamesAddNoColumn() throws Exception {
        for (String parent : List.of("text=hello", "date=2026-03-31", "region=eu/x=[1]*?")) {
            tables = home.resolve(parent).resolve("warehouse");
            warehouse = LocalWarehouse.of(tables, home.resolve(parent).resolve("pinned"), store);
            Files.createDirectories(tables.resolve("shop"));
            Files.writeString(tables.resolve(LocalTable.CSV), "id,text\na,x\n");
            Content.parquet("SELECT 'b' AS id, 'y' AS text").write(tables.resolve("shop/p.parquet"));

            assertThat(rows("SELECT * FROM shop.t")).containsExactly(new Row("a", "x"));
            assertThat(rows("SELECT * FROM shop.p")).containsExactly(new Row("b", "y"));
            assertThat(extract("SELECT * FROM shop.p").columns()).containsExactly("id", "text");
        }
    }

    @ParameterizedTest
    @MethodSource("tablesThatAreRefused")
    void aTableIsRefusedInWords(LocalTable table) throws Exception {
        table.write(tables);

        assertThatThrownBy(() -> extract(table.query()))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll(table.words().toArray(String[]::new));
        assertThatThrownBy(() -> warehouse.verify(extraction(table.query())))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll(table.words().toArray(String[]::new));
    }

    private Extraction extraction(String query) {
        return WarehouseContract.extraction("pin-" + extractions++, query, Map.of(), "id", 1);
    }

    private PinnedInput extract(String query) {
        return warehouse.extract(extraction(query));
    }

    private List<Row> rows(String query) {
        PinnedInput input = extract(query);
        List<Row> rows = new ArrayList<>();
        try (RowReader reader = warehouse.read(input, 0, List.of("text"), ReadPosition.BEGINNING)) {
            Optional<RowBlock> block = reader.read(1_000, Long.MAX_VALUE);
            while (block.isPresent()) {
                for (int i = 0; i < block.get().rows(); i++) {
                    rows.add(new Row(
                            block.get().keys().get(i),
                            block.get().column("text").get(i)));
                }
                block = reader.read(1_000, Long.MAX_VALUE);
            }
        }
        return rows;
    }

    private static RecordSchema schema(List<Row> rows) {
        FieldType key = rows.stream().anyMatch(row -> row.key() instanceof Long) ? FieldType.INT64 : FieldType.STRING;
        return new RecordSchema(
                List.of(new RecordSchema.Field("id", key), new RecordSchema.Field("text", FieldType.STRING)));
    }

    /** The rows as a result has them. */
    private StoredObject shard(List<Row> rows, String format) throws IOException {
        Path file = home.resolve("shard." + format);
        try (ShardWriter writer = format.equals("parquet") ? ShardWriter.parquet() : ShardWriter.jsonl()) {
            writer.write(
                    Records.block(
                            schema(rows),
                            rows.stream()
                                    .map(row -> Arrays.<@Nullable Object>asList(row.key(), row.text()))
                                    .toList()),
                    file);
        }
        return store.put(ObjectUri.parse("gs://results/shard." + format), file);
    }

    private void load(String id, String format, StoredObject shard, List<Row> rows) {
        warehouse.load(new TableLoad(
                id,
                new TableLoad.Target("out." + format, null, Mode.APPEND),
                format,
                rows.isEmpty() ? List.of() : List.of(shard), // a block without rows makes no shard
                schema(rows).fields().stream()
                        .map(field -> new RecordSchema.Field(field.name(), field.type()))
                        .toList(),
                rows.size()));
    }

    /** The rows of a loaded table, as another program finds them. */
    private List<Row> stored(String format) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT id, text FROM '" + tables.resolve("out/" + format + ".parquet") + "'")) {
            while (found.next()) {
                rows.add(new Row(found.getObject(1), found.getString(2)));
            }
        }
        return rows;
    }
}
