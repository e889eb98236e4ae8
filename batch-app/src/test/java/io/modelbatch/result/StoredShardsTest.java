package io.modelbatch.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards have the schema and the values of those that an earlier release wrote of the same records, which are stored beside this test. */
class StoredShardsTest {
    private static final Entity CITY = new Entity("B-\"LOC\"", 1.0 / 3, 5, 8, "東京🥛");
    private static final Entity YEAR = new Entity("", 0, 0, Long.MAX_VALUE, "\u0000\t2024-01-01T00:00:00Z");
    private static final RecordBlock BLOCK = Records.block(
            new RecordSchema(List.of(
                    new RecordSchema.Field("key", FieldType.STRING),
                    new RecordSchema.Field("number", FieldType.INT64),
                    new RecordSchema.Field("score", FieldType.FLOAT64),
                    new RecordSchema.Field("scores", FieldType.SCORES),
                    new RecordSchema.Field("embedding", FieldType.embedding(3)),
                    new RecordSchema.Field("entities", FieldType.ENTITIES))),
            List.of(
                    record(
                            "ｶﾅ🥛 \"quoted\"\nnext line",
                            Long.MAX_VALUE,
                            0.1 + 0.2,
                            scores("飲料", 2.0 / 3, "食品", 1.0 / 3),
                            new float[] {0.1f, -1 / 3f, Float.MAX_VALUE},
                            List.of(CITY, YEAR)),
                    record(
                            "",
                            Long.MIN_VALUE,
                            -0.0,
                            scores(),
                            new float[] {Float.MIN_VALUE, -0.0f, 16_777_217},
                            List.of()),
                    record("half a pair: \ud83e", 9_007_199_254_740_992L, 1e300, null, new float[3], List.of(YEAR)),
                    record(
                            "tiny",
                            -9_007_199_254_740_991L,
                            Double.MIN_VALUE,
                            scores("a", Double.MAX_VALUE, "b", 1e-7, "c", 100.0),
                            new float[] {1.17549435E-38f, 3, 4e10f},
                            List.of(CITY))));

    @TempDir
    private Path folder;

    @Test
    void jsonLinesAreTheSameBytes() throws Exception {
        assertThat(written(ShardWriter.jsonl())).hasSameBinaryContentAs(stored("shard.jsonl"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_parquet('FILE')",
                "SELECT * EXCLUDE (file_name) FROM parquet_schema('FILE')",
                "SELECT key, value FROM parquet_kv_metadata('FILE')",
                "SELECT path_in_schema, type, compression, num_values FROM parquet_metadata('FILE')",
            })
    void parquetHasTheSameSchemaAndValues(String query) throws Exception {
        List<String> found = rows(query, written(ShardWriter.parquet()));

        assertThat(found).isNotEmpty().isEqualTo(rows(query, stored("shard.parquet")));
    }

    private Path written(ShardWriter writer) throws Exception {
        try (writer) {
            Path file = folder.resolve("written");
            writer.write(BLOCK, file);
            return file;
        }
    }

    private Path stored(String name) throws Exception {
        Path file = folder.resolve(name);
        try (InputStream in = Objects.requireNonNull(StoredShardsTest.class.getResourceAsStream(name))) {
            Files.copy(in, file);
        }
        return file;
    }

    private static List<String> rows(String query, Path file) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet found = statement.executeQuery(query.replace("FILE", file.toString()))) {
            while (found.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= found.getMetaData().getColumnCount(); column++) {
                    values.add(found.getString(column));
                }
                rows.add(String.join("|", values));
            }
        }
        return rows;
    }

    private static List<@Nullable Object> record(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    /** In this order. */
    private static Map<String, Double> scores(Object... pairs) {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            scores.put((String) pairs[i], (Double) pairs[i + 1]);
        }
        return scores;
    }
}
