package io.modelbatch.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ShardWriterTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final RecordSchema SCHEMA = new RecordSchema(List.of(
            new RecordSchema.Field("key", FieldType.STRING),
            new RecordSchema.Field("number", FieldType.INT64),
            new RecordSchema.Field("score", FieldType.FLOAT64),
            new RecordSchema.Field("scores", FieldType.SCORES),
            new RecordSchema.Field("embedding", FieldType.embedding(3)),
            new RecordSchema.Field("entities", FieldType.ENTITIES)));

    private static final Entity CITY = new Entity("B-\"LOC\"", 1.0 / 3, 5, 8, "東京🥛");
    private static final Entity YEAR = new Entity("", 0, 0, Long.MAX_VALUE, "\u0000\t2024-01-01T00:00:00Z");

    private static final List<List<@Nullable Object>> RECORDS = List.of(
            record(
                    "ｶﾅ🥛 \"quoted\"\nnext line",
                    Long.MAX_VALUE,
                    0.1 + 0.2,
                    Map.of("食品", 1.0 / 3),
                    new float[] {0.1f, -1 / 3f, Float.MAX_VALUE},
                    List.of(CITY, YEAR)),
            record("", Long.MIN_VALUE, -0.0, Map.of(), new float[] {Float.MIN_VALUE, -0.0f, 16_777_217}, List.of()),
            record("null follows", 2L, 1.5, null, new float[3], List.of(YEAR)),
            record(
                    "tiny",
                    0L,
                    Double.MIN_VALUE,
                    Map.of("a", Double.MAX_VALUE),
                    new float[] {1.17549435E-38f, 3, 4},
                    List.of(CITY)));

    @TempDir
    private Path folder;

    @Test
    void parquetHoldsEachValueExactly() throws Exception {
        Path file = write(ShardWriter.parquet(), SCHEMA, RECORDS);

        List<List<@Nullable Object>> found = new ArrayList<>();
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var rows = statement.executeQuery("select * from '" + file + "'")) {
            while (rows.next()) {
                found.add(record(
                        rows.getString(1),
                        rows.getObject(2),
                        rows.getObject(3),
                        rows.getObject(4),
                        floats((Object[]) rows.getArray(5).getArray()),
                        entities((Object[]) rows.getArray(6).getArray())));
            }
        }
        assertThat(found).usingRecursiveComparison().isEqualTo(RECORDS);
    }

    @Test
    void jsonLinesHoldEachValueExactly() throws IOException {
        List<String> lines = Files.readAllLines(write(ShardWriter.jsonl(), SCHEMA, RECORDS));

        assertThat(lines.stream().map(ShardWriterTest::fromJson).toList())
                .usingRecursiveComparison()
                .isEqualTo(RECORDS);
        assertThat(lines.get(0)).contains("\"embedding\":[0.1,-0.33333334,3.4028235E38]");
        assertThat(lines.get(3))
                .contains("\"entities\":[{\"entity\":\"B-\\\"LOC\\\"\",\"score\":0.3333333333333333,"
                        + "\"start\":5,\"end\":8,\"word\":\"東京🥛\"}]");
    }

    @Test
    @Python.Needed
    void pyArrowReadsEachValueExactly() throws Exception {
        List<String> lines = pyArrow(write(ShardWriter.parquet(), SCHEMA, RECORDS));

        assertThat(JSON.readTree(lines.get(0)))
                .isEqualTo(JSON.valueToTree(Map.of(
                        "key", "string",
                        "number", "int64",
                        "score", "double",
                        "scores", "map<string, double ('scores')>",
                        "embedding", "fixed_size_list<element: float>[3]",
                        "entities",
                                "list<element: struct<entity: string, score: double, start: int64, end: int64,"
                                        + " word: string>>")));
        assertThat(lines.stream().skip(1).map(ShardWriterTest::fromPython).toList())
                .usingRecursiveComparison()
                .isEqualTo(RECORDS);
    }

    @Test
    void oneWriterWritesManyFilesAndEmptyOnes() throws Exception {
        for (ShardWriter writer : List.of(ShardWriter.parquet(), ShardWriter.jsonl())) {
            try (writer) {
                for (int rows : List.of(2, 0, 4)) {
                    Path file = folder.resolve(rows + writer.suffix());
                    writer.write(Records.block(SCHEMA, RECORDS.subList(0, rows)), file);

                    assertThat(count(file)).isEqualTo(rows);
                }
            }
        }
    }

    @Test
    void aLongBlockKeepsItsOrder() throws Exception {
        int dimensions = 1_024;
        RecordSchema schema = new RecordSchema(List.of(
                new RecordSchema.Field("key", FieldType.INT64),
                new RecordSchema.Field("embedding", FieldType.embedding(dimensions))));
        Path file = write(
                ShardWriter.parquet(),
                schema,
                IntStream.range(0, 20_000)
                        .mapToObj(row -> {
                            float[] numbers = new float[dimensions];
                            Arrays.fill(numbers, row);
                            return record((long) row, numbers);
                        })
                        .toList());

        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var rows = statement.executeQuery("select count(*) filter (key = n and embedding[1] = n and"
                        + " embedding[1024] = n and len(embedding) = 1024)"
                        + " from (select *, row_number() over () - 1 as n from '" + file + "')")) {
            rows.next();
            assertThat(rows.getLong(1)).isEqualTo(20_000);
        }
    }

    @Test
    void whatATypeCannotHoldIsRefused() {
        refuse(4, new float[4], "embedding(3)", "4 numbers");
        refuse(4, new float[] {0, Float.NaN, 0}, "embedding(3)", "not finite");
        refuse(4, new float[] {0, 0, Float.NEGATIVE_INFINITY}, "embedding(3)", "not finite");
        refuse(4, null, "embedding(3)", "null");
        refuse(5, null, "entities", "null");
        assertThatThrownBy(() -> new RecordBlock(SCHEMA, List.of(Column.texts(2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("1 columns", "6 fields");
    }

    @Test
    void aColumnOfAnotherTypeOrLengthIsRefused() {
        RecordSchema schema = new RecordSchema(List.of(
                new RecordSchema.Field("key", FieldType.STRING),
                new RecordSchema.Field("embedding", FieldType.embedding(3))));

        assertThatThrownBy(() -> new RecordBlock(schema, List.of(Column.texts(0), Column.embeddings(4, 0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'embedding'", "embedding(3)", "embedding(4)");
        assertThatThrownBy(() -> new RecordBlock(schema, List.of(Column.texts(1), Column.embeddings(3, 0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'embedding'", "0 values", "1 records");
    }

    private static void refuse(int field, @Nullable Object value, String type, String word) {
        List<@Nullable Object> record = new ArrayList<>(RECORDS.get(0));
        record.set(field, value);

        assertThatThrownBy(() -> Records.block(SCHEMA, List.of(RECORDS.get(1), record)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        SCHEMA.fields().get(field).name(),
                        type,
                        word,
                        String.valueOf(RECORDS.get(0).get(0)));
    }

    private Path write(ShardWriter writer, RecordSchema schema, List<List<@Nullable Object>> records)
            throws IOException {
        try (writer) {
            Path file = folder.resolve("shard" + writer.suffix());
            writer.write(Records.block(schema, records), file);
            return file;
        }
    }

    private static float[] floats(Object[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (Float) values[i];
        }
        return floats;
    }

    private static List<Entity> entities(Object[] structs) throws SQLException {
        List<Entity> entities = new ArrayList<>();
        for (Object struct : structs) {
            Object[] values = ((Struct) struct).getAttributes();
            entities.add(new Entity(
                    (String) values[0], (Double) values[1], (Long) values[2], (Long) values[3], (String) values[4]));
        }
        return entities;
    }

    private static List<@Nullable Object> fromJson(String line) {
        JsonNode json = JSON.readTree(line);
        return fromJson(json, JSON.convertValue(json.path("scores"), Map.class));
    }

    /** A map is a list of pairs there. */
    private static List<@Nullable Object> fromPython(String line) {
        JsonNode json = JSON.readTree(line);
        Map<Object, Object> scores = new HashMap<>();
        json.path("scores")
                .forEach(pair ->
                        scores.put(pair.path(0).stringValue(), pair.path(1).doubleValue()));
        return fromJson(json, json.path("scores").isNull() ? null : scores);
    }

    private static List<@Nullable Object> fromJson(JsonNode json, @Nullable Object scores) {
        JsonNode number = json.path("number");
        JsonNode score = json.path("score");
        return record(
                json.path("key").stringValue(),
                number.isNull() ? null : (Long) Long.parseLong(number.asString()), // a text beyond 2^53
                score.isNull() ? null : score.doubleValue(),
                scores,
                JSON.treeToValue(json.path("embedding"), float[].class),
                List.of(JSON.treeToValue(json.path("entities"), Entity[].class)));
    }

    private static List<String> pyArrow(Path file) throws Exception {
        return Python.run(Duration.ofMinutes(1), "read_parquet.py", file);
    }

    private static long count(Path file) throws Exception {
        if (file.toString().endsWith(".jsonl")) {
            return Files.readAllLines(file).size();
        }
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var rows = statement.executeQuery("select count(*) from '" + file + "'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static List<@Nullable Object> record(@Nullable Object... values) {
        return Arrays.asList(values);
    }
}
