package io.modelbatch.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.result.Entity;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.RecordSchema.Field;
import io.modelbatch.result.Records;
import io.modelbatch.result.ShardWriter;
import io.modelbatch.store.StoredObject;
import io.modelbatch.warehouse.TableLoad.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The promises of every warehouse. */
public abstract class WarehouseContract {
    private static final List<Field> COLUMNS =
            List.of(new Field("id", FieldType.STRING), new Field("score", FieldType.FLOAT64));

    private static final RecordSchema LISTS = new RecordSchema(List.of(
            new RecordSchema.Field("id", FieldType.STRING),
            new RecordSchema.Field("embedding", FieldType.embedding(2)),
            new RecordSchema.Field("entities", FieldType.ENTITIES)));
    private static final List<Field> LIST_COLUMNS = LISTS.fields();
    /** A warehouse may keep more digits than a model's float has. */
    private static final String LIST_TEXTS =
            "id, CAST(to_json(CAST(embedding AS FLOAT[])) AS VARCHAR)," + " CAST(to_json(entities) AS VARCHAR)";

    private static final Entity CITY = new Entity("B-\"LOC\"", 1.0 / 3, 5, 8, "東京🥛");
    private static final Entity TIME = new Entity("", 0.5, 0, Long.MAX_VALUE, "2024-01-01T00:00:00Z");
    private static final String CITY_JSON =
            "{\"entity\":\"B-\\\"LOC\\\"\",\"score\":0.3333333333333333,\"start\":5,\"end\":8,\"word\":\"東京🥛\"}";
    private static final String TIME_JSON = "{\"entity\":\"\",\"score\":0.5,\"start\":0,\"end\":9223372036854775807,"
            + "\"word\":\"2024-01-01T00:00:00Z\"}";

    @TempDir
    private Path written;

    private int extractions;

    protected abstract Warehouse warehouse();

    /** A new table in place of the one of that name; values are text, whole numbers or null. */
    protected abstract void table(String name, List<String> columns, List<List<@Nullable Object>> rows);

    /** Rows as the objects of JSON lines. */
    protected static List<Map<String, @Nullable Object>> objects(
            List<String> columns, List<List<@Nullable Object>> rows) {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        for (List<@Nullable Object> row : rows) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                object.put(columns.get(i), row.get(i));
            }
            objects.add(object);
        }
        return objects;
    }

    /** Puts a file where {@code load} finds it; returns what is there. */
    protected abstract StoredObject shard(String name, Path file) throws IOException;

    /** These columns, as DuckDB's SQL has them, of the table {@code out.scores}, by id. */
    protected abstract List<List<@Nullable Object>> loaded(String columns) throws SQLException;

    @Test
    void parametersKeepTheirTypes() {
        lines();
        PinnedInput input = extract(
                """
                SELECT 'k' AS k, @text AS text, @whole + 1 AS whole, @real / 2 AS real, NOT @truth AS truth,
                  CAST(EXTRACT(YEAR FROM @day) AS STRING) AS day, CAST(EXTRACT(HOUR FROM @moment) AS STRING) AS moment
                """,
                Map.of(
                        "text",
                        "O'Neill \"x\" \\ @whole ; -- ?",
                        "whole",
                        9_007_199_254_740_992L,
                        "real",
                        0.5,
                        "truth",
                        false,
                        "day",
                        LocalDate.of(2024, 2, 29),
                        "moment",
                        Instant.parse("2024-02-29T23:30:00Z")),
                "k",
                1);

        RowBlock row = only(input, "text", "whole", "real", "truth", "day", "moment");
        assertThat(row.columns().values())
                .containsExactly(
                        List.of("O'Neill \"x\" \\ @whole ; -- ?"),
                        List.of("9007199254740993"),
                        List.of("0.25"),
                        List.of("true"),
                        List.of("2024"),
                        List.of("23"));
    }

    @Test
    void parametersSelectRows() {
        table("shop.days", List.of("id", "day"), List.of(List.of("a", "2024-01-31"), List.of("b", "2024-02-01")));

        PinnedInput input = extract(
                "SELECT id FROM shop.days WHERE CAST(day AS DATE) >= @from AND id <> @not",
                Map.of("from", LocalDate.of(2024, 2, 1), "not", "' OR '' = '"),
                "id",
                1);

        assertThat(keys(input)).containsExactly("b");
    }

    @Test
    void aMissingParameterIsNamed() {
        lines();
        assertRefused("SELECT id FROM shop.lines WHERE id = @who", "id", "@who");
    }

    @Test
    void aMissingTableIsNamed() {
        lines();
        assertRefused("SELECT id FROM shop.line", "id", "line");
        assertRefused("SELECT id FROM shopp.lines", "id", "shop");
    }

    @Test
    void aMissingColumnIsNamed() {
        lines();
        assertRefused("SELECT id, txt FROM shop.lines", "id", "txt");
    }

    @Test
    void aMissingKeyColumnIsNamed() {
        lines();
        assertRefused("SELECT id, text FROM shop.lines", "key", "'key'", "id, text");
    }

    @Test
    void aNullKeyIsRefused() {
        table("shop.lines", List.of("id", "text"), List.of(row("a", "x"), row(null, "y")));
        assertRefused("SELECT * FROM shop.lines", "id", "'id'", "null in 1 row");
    }

    @Test
    void aKeyThatOccursTwiceIsNamed() {
        table("shop.lines", List.of("id", "text"), List.of(row("a", "x"), row("o'b", "y"), row("o'b", "y")));
        assertRefused("SELECT * FROM shop.lines", "id", "'id'", "o'b", "2 times");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "CURRENT_DATE", "CURRENT_TIMESTAMP", "true", "[1]"})
    void aKeyOfAnUnusableTypeIsRefused(String value) {
        lines();
        assertRefused("SELECT " + value + " AS k", "k", "'k'", "CAST(k AS");
    }

    @Test
    void keysAreTextOrWholeNumbers() {
        table("shop.numbers", List.of("id"), List.of(row("-7"), row("9007199254740993")));

        PinnedInput numbers = extract("SELECT CAST(id AS INT64) AS id FROM shop.numbers", "id", 1);
        PinnedInput texts = extract("SELECT 'a' AS id", "id", 1);

        assertThat(numbers.keyType()).isEqualTo("int64");
        assertThat(keys(numbers)).containsExactlyInAnyOrder(-7L, 9_007_199_254_740_993L);
        assertThat(texts.keyType()).isEqualTo("string");
        assertThat(keys(texts)).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void noRowsAreFine(int partitions) {
        lines();

        PinnedInput input = extract("SELECT id, text FROM shop.lines WHERE false", "id", partitions);

        assertThat(input.totalRows()).isZero();
        assertThat(input.rows()).hasSize(partitions);
        assertThat(input.columns()).containsExactly("id", "text");
        assertThat(keys(input)).isEmpty();
    }

    @Test
    void textStaysAsItIs() {
        List<String> texts = List.of(
                "na\u00efve \u6771\u4eac \u05e9\u05dc\u05d5\u05dd",
                "e\u0301 \ud83c\udf88\ud83d\udc69\u200d\ud83d\ude80",
                "'single' \"double\" `back` \\",
                "one\ntwo\r\nthree\tfour",
                "",
                " x ",
                "null",
                "a,b;c|d");
        table(
                "shop.texts",
                List.of("id", "text"),
                IntStream.range(0, texts.size())
                        .mapToObj(i -> row("k" + i, texts.get(i)))
                        .toList());

        PinnedInput input = extract("SELECT id, text FROM shop.texts", "id", 1);

        assertThat(pairs(input, "text"))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, texts.size())
                        .mapToObj(i -> "k" + i + "=" + texts.get(i))
                        .toList());
    }

    @Test
    void missingValuesAreNull() {
        table("shop.texts", List.of("id", "text"), List.of(row("a", null), row("b", "x")));

        RowBlock rows = only(extract("SELECT id, text FROM shop.texts WHERE id = 'a'", "id", 1), "text");

        assertThat(rows.column("text")).containsExactly((String) null);
    }

    @Test
    void theRowsStayWhenTheTableChanges() {
        table("shop.lines", List.of("id", "text"), List.of(row("a", "old")));
        PinnedInput input = extract("SELECT * FROM shop.lines", "id", 1);

        table("shop.lines", List.of("id", "text"), List.of(row("a", "new"), row("b", "new")));

        assertThat(pairs(input, "text")).containsExactly("a=old");
    }

    @Test
    void theSameIdIsNotRunAgain() {
        table("shop.lines", List.of("id", "text"), List.of(row("a", "old")));
        Extraction extraction = extraction("run-1", "SELECT * FROM shop.lines", Map.of(), "id", 1);
        PinnedInput first = warehouse().extract(extraction);
        table("shop.lines", List.of("id", "text"), List.of(row("a", "new"), row("b", "new")));

        assertThat(warehouse().extract(extraction)).isEqualTo(first);
        assertThat(warehouse().extract(extraction("run-1", "SELECT nonsense FROM nowhere", Map.of(), "id", 1)))
                .isEqualTo(first);
        assertThat(warehouse().extract(extraction("run-2", "SELECT * FROM shop.lines", Map.of(), "id", 1)))
                .extracting(PinnedInput::totalRows)
                .isEqualTo(2L);
    }

    @Test
    void aRefusedQueryMayBeRepaired() {
        lines();
        Extraction broken = extraction("run", "SELECT nothing FROM shop.lines", Map.of(), "id", 1);
        assertThatThrownBy(() -> warehouse().extract(broken)).isInstanceOf(WarehouseException.class);

        Extraction repaired = extraction("run", "SELECT id FROM shop.lines", Map.of(), "id", 1);

        assertThat(warehouse().extract(repaired).totalRows()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void eachRowIsInOnePartition(int partitions) {
        many();
        PinnedInput input = extract("SELECT id, text FROM shop.many", "id", partitions);

        List<Object> keys = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            List<Object> part = partition(input, partition, ReadPosition.BEGINNING).keys;
            assertThat(input.rows().get(partition)).isEqualTo(part.size()).isPositive();
            keys.addAll(part);
        }
        assertThat(keys).hasSize(1_000);
        assertThat(new HashSet<>(keys)).hasSize(1_000);
        assertThat(input.totalRows()).isEqualTo(1_000);
    }

    @Test
    void readingGoesOnWhereItStopped() {
        many();
        PinnedInput input = extract("SELECT id, text FROM shop.many", "id", 2);

        Partition all = partition(input, 1, ReadPosition.BEGINNING);

        for (int rows : new int[] {0, 1, 100, all.keys.size() - 1, all.keys.size()}) {
            assertThat(partition(input, 1, new ReadPosition(all.session, rows)).keys)
                    .isEqualTo(all.keys.subList(rows, all.keys.size()));
        }
    }

    @Test
    void aBlockHasNoMoreRowsThanWanted() {
        many();
        PinnedInput input = extract("SELECT id, text FROM shop.many", "id", 1);
        try (RowReader reader = warehouse().read(input, 0, List.of("text"), ReadPosition.BEGINNING)) {
            assertThat(reader.read(1, Long.MAX_VALUE)).get().returns(1, RowBlock::rows);
            assertThat(reader.read(600, Long.MAX_VALUE)).get().returns(600, RowBlock::rows);
            assertThat(reader.read(600, Long.MAX_VALUE)).get().returns(399, RowBlock::rows);
            assertThat(reader.read(600, Long.MAX_VALUE)).isEmpty();
        }
    }

    @Test
    void aBlockEndsWhenItsTextsAreLongEnough() {
        many();
        PinnedInput input = extract("SELECT id, 'ten chars.' AS text FROM shop.many", "id", 1);
        try (RowReader reader = warehouse().read(input, 0, List.of("text"), ReadPosition.BEGINNING)) {
            assertThat(reader.read(600, 0)).get().returns(1, RowBlock::rows);
            assertThat(reader.read(600, 19)).get().returns(1, RowBlock::rows);
            assertThat(reader.read(600, 20)).get().returns(2, RowBlock::rows);
            assertThat(reader.read(600, 99)).get().returns(5, RowBlock::rows);
        }
    }

    @Test
    void aColumnThatWasNotPinnedIsNamed() {
        lines();
        PinnedInput input = extract("SELECT id, text FROM shop.lines", "id", 1);

        assertThatThrownBy(() -> warehouse().read(input, 0, List.of("label"), ReadPosition.BEGINNING))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("'label'", "id, text");
    }

    @Test
    void theKeyMayBeReadAsAColumn() {
        lines();
        PinnedInput input = extract("SELECT id FROM shop.lines WHERE id = 'a'", "id", 1);

        assertThat(only(input, "id", "id").columns()).isEqualTo(Map.of("id", List.of("a")));
    }

    @Test
    void anotherResultThanThePinnedOneIsRefused() {
        lines();
        PinnedInput input = extract("SELECT id FROM shop.lines", "id", 1);
        PinnedInput other = new PinnedInput(
                input.location(), "id", "string", input.columns(), input.rows(), input.created(), "other");

        assertThatThrownBy(() -> warehouse().read(other, 0, List.of(), ReadPosition.BEGINNING))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining("again=true");
    }

    @Test
    void aLoadMakesATable() {
        assertThat(load("one", Mode.REPLACE, "a", "b")).isEqualTo(2);
        assertThat(loaded()).containsExactly("a", "b");
    }

    @Test
    void aReplacingLoadLeavesNothingOfTheOldRows() {
        load("one", Mode.REPLACE, "a", "b");

        assertThat(load("two", Mode.REPLACE, "c")).isEqualTo(1);
        assertThat(loaded()).containsExactly("c");
    }

    @Test
    void anAppendingLoadKeepsTheOldRows() {
        assertThat(load("one", Mode.APPEND, "a", "b")).isEqualTo(2);
        assertThat(load("two", Mode.APPEND, "c")).isEqualTo(3);
        assertThat(loaded()).containsExactly("a", "b", "c");
    }

    /** DuckDB alone would give the rows that stay another type, and BigQuery refuses. */
    @ParameterizedTest
    @ValueSource(strings = {"whole", "day"})
    void rowsOfAnotherTypeAreNotAddedToThoseThatStay(String part) {
        boolean whole = part.equals("whole");
        load("one", whole ? scores(Mode.APPEND) : day("2026-03-30", Mode.REPLACE), "a");
        TableLoad.Target target = whole ? scores(Mode.APPEND) : day("2026-03-31", Mode.REPLACE);
        List<RecordSchema.Field> numbers = List.of(
                new RecordSchema.Field("id", FieldType.INT64), new RecordSchema.Field("score", FieldType.FLOAT64));
        List<StoredObject> shards = List.of(shard("two.jsonl", List.of("{\"id\":7,\"score\":0.5}")));

        warehouse().verify(target, "jsonl", COLUMNS);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> warehouse().verify(target, "jsonl", numbers),
                () -> warehouse().load(new TableLoad("two", target, "jsonl", shards, numbers, 1)))) {
            assertThatThrownBy(call)
                    .isInstanceOf(WarehouseException.class)
                    .hasMessageContainingAll("out.scores", "unchanged", "column 'id'", "'table' of 'load'");
        }
        assertThat(loaded()).containsExactly("a");
    }

    @Test
    void noLoadIsAddedTwice() {
        load("one", Mode.APPEND, "a");
        load("two", Mode.APPEND, "b");

        assertThat(load("one", Mode.APPEND, "a")).isEqualTo(2);
        assertThat(load("two", Mode.APPEND, "b")).isEqualTo(2);
        assertThat(loaded()).containsExactly("a", "b");
    }

    @Test
    void aReplacingLoadThatIsRepeatedKeepsWhatCameAfterIt() {
        load("one", Mode.REPLACE, "a");
        load("two", Mode.APPEND, "b");

        assertThat(load("one", Mode.REPLACE, "a")).isEqualTo(2);
        assertThat(loaded()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REPLACE", "APPEND"})
    void aLoadMayHaveNoRows(Mode mode) {
        load("one", Mode.REPLACE, "a");
        TableLoad none = new TableLoad("two", scores(mode), "jsonl", List.of(), COLUMNS, 0);

        assertThat(warehouse().load(none)).isEqualTo(mode == Mode.REPLACE ? 0 : 1);
        assertThat(loaded()).hasSize(mode == Mode.REPLACE ? 0 : 1);
    }

    @Test
    void aFirstLoadMayHaveNoRows() {
        warehouse().load(new TableLoad("one", scores(Mode.APPEND), "jsonl", List.of(), COLUMNS, 0));

        assertThat(loaded()).isEmpty();
        assertThat(load("two", Mode.APPEND, "a")).isEqualTo(1);
    }

    @Test
    void aDayIsReplacedByItself() {
        assertThat(load("one", day("2026-03-30", Mode.REPLACE), "a", "b")).isEqualTo(2);
        assertThat(load("two", day("2026-03-31", Mode.REPLACE), "c")).isEqualTo(3);

        assertThat(load("three", day("2026-03-30", Mode.REPLACE), "d")).isEqualTo(2);
        assertThat(loaded()).containsExactlyInAnyOrder("c", "d");
    }

    @Test
    void aDayIsAddedToOnce() {
        load("one", day("2026-03-30", Mode.APPEND), "a");
        load("two", day("2026-03-31", Mode.APPEND), "b");
        load("three", day("2026-03-30", Mode.APPEND), "c");

        assertThat(load("one", day("2026-03-30", Mode.APPEND), "a")).isEqualTo(3);
        assertThat(load("four", day("2026-03-30", Mode.REPLACE))).isEqualTo(1);
        assertThat(loaded()).containsExactly("b");
    }

    @Test
    void aTableWithoutDaysIsNotLoadedByDay() {
        load("one", Mode.REPLACE, "a");

        assertThatThrownBy(() -> load("two", day("2026-03-31", Mode.APPEND), "b"))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("out.scores", "unchanged");
        assertThat(loaded()).containsExactly("a");
    }

    @Test
    void aQueryIsVerifiedWithoutRunning() {
        lines();
        assertThat(warehouse()
                        .verify(extraction("SELECT id, text FROM shop.lines WHERE id = @id", Map.of("id", "a")))
                        .words())
                .contains("id", "text");
        assertThatThrownBy(() -> warehouse().verify(extraction("SELECT txt FROM shop.lines", Map.of())))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining("txt");
        assertThatThrownBy(() -> warehouse().verify(extraction("SELECT id FROM shop.lines WHERE id = @who", Map.of())))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining("@who");
    }

    /** Before the query runs, and all of them at once. */
    @Test
    void columnsThatAreReadLaterAreRequired() {
        lines();
        Extraction extraction = new Extraction(
                "verified",
                "SELECT id, text FROM shop.lines",
                Map.of(),
                "id",
                List.of(
                        use("text", "text of 'infer'"),
                        use("Text", "text of 'other'"),
                        use("label", "label of 'train'")),
                1,
                Extraction.Billing.NONE);

        for (Consumer<Extraction> call : List.<Consumer<Extraction>>of(warehouse()::verify, warehouse()::extract)) {
            assertThatThrownBy(() -> call.accept(extraction))
                    .isInstanceOf(WarehouseException.class)
                    .hasMessage("The query's result has no column 'Text' (text of 'other'),"
                            + " no column 'label' (label of 'train'); it has id, text. Select the missing columns in"
                            + " 'query', with AS where they have other names, or name a column of the result");
        }
    }

    private static Extraction.Use use(String column, String by) {
        return new Extraction.Use(column, by);
    }

    @Test
    void aTableIsVerifiedWithoutWriting() {
        assertThat(warehouse().verify(scores(Mode.REPLACE))).isNotEmpty();
        load("one", Mode.REPLACE, "a");
        assertThat(warehouse().verify(scores(Mode.REPLACE))).contains("1 row");
        assertThat(loaded()).containsExactly("a");
        assertThatThrownBy(() -> warehouse().verify(day("2026-03-31", Mode.REPLACE)))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining("not partitioned by date");
    }

    @Test
    void severalShardsMakeOneTable() {
        List<StoredObject> shards = List.of(shard("1.jsonl", json("a")), shard("2.jsonl", json("b", "c")));

        assertThat(warehouse().load(new TableLoad("one", scores(Mode.REPLACE), "jsonl", shards, COLUMNS, 3)))
                .isEqualTo(3);
        assertThat(loaded()).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @CsvSource({"REPLACE, 1", "REPLACE, 3", "APPEND, 1", "APPEND, 3"})
    void aWrongRowCountIsRefused(Mode mode, long rows) {
        load("one", Mode.REPLACE, "x", "y");
        List<StoredObject> shards = List.of(shard("wrong.jsonl", json("a", "b")));

        assertThatThrownBy(() -> warehouse().load(new TableLoad("two", scores(mode), "jsonl", shards, COLUMNS, rows)))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("out.scores", "2 rows", String.valueOf(rows));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REPLACE | {\"id\":\"a\",\"score\":\"high\"}",
                "APPEND  | {\"id\":\"a\",\"score\":\"high\"}",
                "REPLACE | {\"id\":\"a\"}",
                "APPEND  | {\"id\":",
            })
    void aFailingLoadLeavesTheTableAsItWas(Mode mode, String line) {
        load("one", Mode.REPLACE, "x", "y");
        List<StoredObject> shards = List.of(shard("good.jsonl", json("b")), shard("bad.jsonl", List.of(line)));
        List<Field> columns =
                List.of(COLUMNS.get(0), new Field(line.contains("score") ? "score" : "missing", FieldType.FLOAT64));

        assertThatThrownBy(() -> warehouse().load(new TableLoad("two", scores(mode), "jsonl", shards, columns, 2)))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("out.scores", "unchanged");
        assertThat(loaded()).containsExactly("x", "y");
        assertThat(load("two", Mode.APPEND, "z")).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "jsonl"})
    void embeddingsAndEntitiesAreLoaded(String format) throws Exception {
        StoredObject more = lists(format, row("c", new float[] {1, 2}, List.of(TIME)));

        assertThat(loadLists(
                        "one", Mode.REPLACE, format, lists(format, row("old", new float[] {5, 5}, List.of(CITY))), 1))
                .isEqualTo(1);
        assertThat(loadLists(
                        "two",
                        Mode.REPLACE,
                        format,
                        lists(
                                format,
                                row("a", new float[] {0.1f, -3.4028235E38f}, List.of()),
                                row("b", new float[] {16_777_217, 1.17549435E-38f}, List.of(CITY, TIME))),
                        2))
                .isEqualTo(2);
        assertThat(loadLists("three", Mode.APPEND, format, more, 1)).isEqualTo(3);
        assertThat(loadLists("three", Mode.APPEND, format, more, 1)).isEqualTo(3);

        assertThat(loaded(LIST_TEXTS))
                .containsExactly(
                        row("a", "[0.10000000149011612,-3.4028234663852886e38]", "[]"),
                        row("b", "[16777216.0,1.1754943508222875e-38]", "[" + CITY_JSON + "," + TIME_JSON + "]"),
                        row("c", "[1.0,2.0]", "[" + TIME_JSON + "]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "jsonl"})
    void aDayOfEmbeddingsIsReplaced(String format) throws Exception {
        TableLoad.Target first = day("2026-03-30", Mode.REPLACE);
        TableLoad.Target second = day("2026-03-31", Mode.REPLACE);
        loadLists("one", first, format, lists(format, row("old", new float[2], List.of(CITY))), 1);
        loadLists("two", second, format, lists(format, row("b", new float[] {1, 2}, List.of())), 1);

        assertThat(loadLists("three", first, format, lists(format, row("a", new float[] {3, 4}, List.of(CITY))), 1))
                .isEqualTo(2);
        assertThat(loaded(LIST_TEXTS))
                .containsExactly(row("a", "[3.0,4.0]", "[" + CITY_JSON + "]"), row("b", "[1.0,2.0]", "[]"));
    }

    @ParameterizedTest
    @CsvSource({"REPLACE, parquet", "APPEND, parquet", "REPLACE, jsonl", "APPEND, jsonl"})
    void aResultWithoutRowsMakesColumnsOfItsTypes(Mode mode, String format) throws Exception {
        assertThat(warehouse().load(new TableLoad("one", scores(mode), format, List.of(), LIST_COLUMNS, 0)))
                .isZero();
        assertThat(loadLists("two", Mode.APPEND, format, lists(format, row("a", new float[] {1, 2}, List.of(CITY))), 1))
                .isEqualTo(1);
        assertThat(loaded(LIST_TEXTS)).containsExactly(row("a", "[1.0,2.0]", "[" + CITY_JSON + "]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "jsonl"})
    void theFirstEntityMayComeLate(String format) throws Exception {
        int rows = 40_000;
        List<List<@Nullable Object>> records = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            records.add(row("k" + i, new float[2], List.of()));
        }
        records.add(row("last", new float[2], List.of(CITY)));

        assertThat(loadLists("one", Mode.REPLACE, format, lists(format, records), rows + 1))
                .isEqualTo(rows + 1);
        assertThat(loaded("id, len(entities)").get(rows)).isEqualTo(row("last", 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "jsonl"})
    void aColumnOfAnotherTypeIsNotAddedTo(String format) throws Exception {
        RecordSchema schema = new RecordSchema(List.of(
                new RecordSchema.Field("id", FieldType.STRING),
                new RecordSchema.Field("embedding", FieldType.ENTITIES)));
        List<Field> columns = schema.fields().stream()
                .map(field -> new Field(field.name(), field.type()))
                .toList();
        loadLists("one", Mode.REPLACE, format, lists(format, row("a", new float[] {1, 2}, List.of())), 1);
        StoredObject other = shard("other." + format, file(schema, format, List.of(row("b", List.of(CITY)))));

        assertThatThrownBy(() ->
                        warehouse().load(new TableLoad("two", scores(Mode.APPEND), format, List.of(other), columns, 1)))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("out.scores", "unchanged");
        assertThat(loaded(LIST_TEXTS)).containsExactly(row("a", "[1.0,2.0]", "[]"));
    }

    @Test
    void aTextThatLooksLikeATimeIsKept() {
        String[] times = {"2024-01-01 00:00:00Z", "2024-01-01T10:00:00", "2024-1-1"};
        List<StoredObject> shards = List.of(shard("times.jsonl", json(times)));

        warehouse().load(new TableLoad("one", scores(Mode.REPLACE), "jsonl", shards, COLUMNS, times.length));
        assertThat(loaded()).containsExactly((Object[]) times);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "jsonl"})
    void wholeKeysOfAnySizeAreLoaded(String format) throws Exception {
        List<Object> keys =
                List.of(Long.MIN_VALUE, -9_007_199_254_740_993L, 7L, 9_007_199_254_740_993L, Long.MAX_VALUE);
        RecordSchema schema = new RecordSchema(List.of(new RecordSchema.Field("id", FieldType.INT64)));
        StoredObject shard = shard(
                "whole." + format,
                file(schema, format, keys.stream().map(key -> row(key)).toList()));

        warehouse()
                .load(new TableLoad(
                        "one",
                        scores(Mode.REPLACE),
                        format,
                        List.of(shard),
                        List.of(new Field("id", FieldType.INT64)),
                        keys.size()));

        assertThat(loaded()).isEqualTo(keys);
    }

    @SafeVarargs
    private final StoredObject lists(String format, List<@Nullable Object>... records) throws IOException {
        return lists(format, List.of(records));
    }

    private StoredObject lists(String format, List<List<@Nullable Object>> records) throws IOException {
        return shard("lists-" + extractions++ + "." + format, file(LISTS, format, records));
    }

    private Path file(RecordSchema schema, String format, List<List<@Nullable Object>> records) throws IOException {
        try (ShardWriter writer = format.equals("parquet") ? ShardWriter.parquet() : ShardWriter.jsonl()) {
            Path file = written.resolve("file-" + extractions++);
            writer.write(Records.block(schema, records), file);
            return file;
        }
    }

    private long loadLists(String id, Mode mode, String format, StoredObject shard, long rows) {
        return loadLists(id, scores(mode), format, shard, rows);
    }

    private long loadLists(String id, TableLoad.Target target, String format, StoredObject shard, long rows) {
        return warehouse().load(new TableLoad(id, target, format, List.of(shard), LIST_COLUMNS, rows));
    }

    /** Puts a file with these lines where {@code load} finds it; returns what is there. */
    protected final StoredObject shard(String name, List<String> lines) {
        try {
            return shard(name, Files.write(written.resolve("lines"), lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    protected final long load(String id, Mode mode, String... keys) {
        return load(id, scores(mode), keys);
    }

    private long load(String id, TableLoad.Target target, String... keys) {
        List<StoredObject> shards =
                keys.length == 0 ? List.of() : List.of(shard(id + "-" + Arrays.hashCode(keys) + ".jsonl", json(keys)));
        return warehouse().load(new TableLoad(id, target, "jsonl", shards, COLUMNS, keys.length));
    }

    private static TableLoad.Target day(String day, Mode mode) {
        return new TableLoad.Target("out.scores", LocalDate.parse(day), mode);
    }

    private static Extraction extraction(String query, Map<String, Object> parameters) {
        return new Extraction("verified", query, parameters, "id", List.of(), 1, Extraction.Billing.NONE);
    }

    protected static TableLoad.Target scores(Mode mode) {
        return new TableLoad.Target("out.scores", null, mode);
    }

    protected final List<Object> loaded() {
        return keys(extract("SELECT id FROM out.scores", "id", 1)).stream()
                .sorted()
                .toList();
    }

    protected final PinnedInput extract(String query, String key, int partitions) {
        return extract(query, Map.of(), key, partitions);
    }

    protected final void assertRefused(String query, String key, String... words) {
        assertThatThrownBy(() -> extract(query, key, 1))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll(words);
    }

    protected final List<Object> keys(PinnedInput input) {
        return IntStream.range(0, input.rows().size())
                .boxed()
                .flatMap(partition -> partition(input, partition, ReadPosition.BEGINNING).keys.stream())
                .toList();
    }

    protected final List<String> pairs(PinnedInput input, String column) {
        RowBlock rows = only(input, column);
        return IntStream.range(0, rows.rows())
                .mapToObj(i -> rows.keys().get(i) + "=" + rows.column(column).get(i))
                .toList();
    }

    protected static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    protected final void lines() {
        table("shop.lines", List.of("id", "text"), List.of(row("a", "first"), row("b", "second")));
    }

    private void many() {
        table(
                "shop.many",
                List.of("id", "text"),
                IntStream.range(0, 1_000).mapToObj(i -> row("k" + i, "t" + i)).toList());
    }

    private PinnedInput extract(String query, Map<String, Object> parameters, String key, int partitions) {
        return warehouse().extract(extraction("pin-" + extractions++, query, parameters, key, partitions));
    }

    private RowBlock only(PinnedInput input, String... columns) {
        try (RowReader reader = warehouse().read(input, 0, List.of(columns), ReadPosition.BEGINNING)) {
            return reader.read(Integer.MAX_VALUE, Long.MAX_VALUE).orElseThrow();
        }
    }

    private record Partition(@Nullable String session, List<Object> keys) {}

    private Partition partition(PinnedInput input, int number, ReadPosition from) {
        List<Object> keys = new ArrayList<>();
        try (RowReader reader = warehouse().read(input, number, List.of(), from)) {
            Optional<RowBlock> block = reader.read(100, Long.MAX_VALUE);
            while (block.isPresent()) {
                keys.addAll(block.get().keys());
                block = reader.read(100, Long.MAX_VALUE);
            }
            return new Partition(reader.session().orElse(null), keys);
        }
    }

    public static Extraction extraction(
            String id, String query, Map<String, Object> parameters, String key, int partitions) {
        return new Extraction(id, query, parameters, key, List.of(), partitions, Extraction.Billing.NONE);
    }

    private static List<String> json(String... keys) {
        return Arrays.stream(keys)
                .map(key -> "{\"id\":\"" + key + "\",\"score\":0.5}")
                .toList();
    }
}
