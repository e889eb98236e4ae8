package io.modelbatch.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ShardWriterTest {
    private static final RecordSchema SCHEMA = new RecordSchema(List.of(
            new RecordSchema.Field("key", FieldType.STRING),
            new RecordSchema.Field("number", FieldType.INT64),
            new RecordSchema.Field("score", FieldType.FLOAT64),
            new RecordSchema.Field("scores", FieldType.SCORES)));

    private static final List<List<@Nullable Object>> RECORDS = List.of(
            record("ｶﾅ🥛 \"quoted\"\nnext line", Long.MAX_VALUE, 0.1 + 0.2, Map.of("食品", 1.0 / 3)),
            record("", Long.MIN_VALUE, -0.0, Map.of()),
            record("null follows", null, null, null),
            record("tiny", 0L, Double.MIN_VALUE, Map.of("a", Double.MAX_VALUE)));

    @TempDir
    private Path folder;

    @Test
    void parquetHoldsEachValueExactly() throws Exception {
        Path file = folder.resolve("shard.parquet");
        try (ShardWriter writer = ShardWriter.parquet()) {
            writer.write(new RecordBlock(SCHEMA, RECORDS), file);
        }

        List<List<@Nullable Object>> found = new ArrayList<>();
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var rows = statement.executeQuery("select key, number, score, scores from '" + file + "'")) {
            while (rows.next()) {
                found.add(record(rows.getString(1), rows.getObject(2), rows.getObject(3), rows.getObject(4)));
            }
        }
        assertThat(found).isEqualTo(RECORDS);
    }

    @Test
    void jsonLinesHoldEachValueExactly() throws IOException {
        Path file = folder.resolve("shard.jsonl");
        try (ShardWriter writer = ShardWriter.jsonl()) {
            writer.write(new RecordBlock(SCHEMA, RECORDS), file);
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(RECORDS.size());
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = JsonMapper.builder().build().readTree(lines.get(i));
            List<@Nullable Object> record = RECORDS.get(i);
            assertThat(line.path("key").stringValue()).isEqualTo(record.get(0));
            assertThat(line.path("number").isNull() ? null : line.path("number").longValue())
                    .isEqualTo(record.get(1));
            assertThat(line.path("score").isNull() ? null : line.path("score").doubleValue())
                    .isEqualTo(record.get(2));
        }
    }

    @Test
    void oneWriterWritesManyFilesAndEmptyOnes() throws Exception {
        for (ShardWriter writer : List.of(ShardWriter.parquet(), ShardWriter.jsonl())) {
            try (writer) {
                for (int rows : List.of(2, 0, 4)) {
                    Path file = folder.resolve(rows + writer.suffix());
                    writer.write(new RecordBlock(SCHEMA, RECORDS.subList(0, rows)), file);

                    assertThat(count(file)).isEqualTo(rows);
                }
            }
        }
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
