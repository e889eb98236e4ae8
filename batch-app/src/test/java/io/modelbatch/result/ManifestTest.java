package io.modelbatch.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    private static final ObjectUri FOLDER = ObjectUri.parse("gs://bucket/result");
    private static final Manifest MANIFEST = new Manifest(
            "predict",
            "predict-1-20260101T000000",
            "parquet",
            List.of(
                    new RecordSchema.Field("id", FieldType.INT64),
                    new RecordSchema.Field("scores", FieldType.SCORES),
                    new RecordSchema.Field("entities", FieldType.ENTITIES),
                    new RecordSchema.Field("embedding", FieldType.embedding(384))),
            List.of(new Shard("a.parquet", 3, 100, "00000001"), new Shard("b.parquet", 4, 100, "00000002")),
            List.of(new Shard("rejects/a.jsonl", 2, 50, "00000003")),
            Map.of("model", "gs://bucket/model@1"));

    @TempDir
    private Path root;

    private ObjectStore store;

    @BeforeEach
    void open() {
        store = ObjectStores.folder(root);
    }

    @Test
    void comesBackAsItWas() throws IOException {
        MANIFEST.write(store, FOLDER);

        assertThat(Manifest.read(store, FOLDER)).isEqualTo(MANIFEST);
        assertThat(Manifest.find(store, FOLDER)).contains(MANIFEST);
        assertThat(MANIFEST.rows()).isEqualTo(7);
        assertThat(MANIFEST.rejected()).isEqualTo(2);
        assertThat(new String(store.read(Manifest.uri(FOLDER)), StandardCharsets.UTF_8))
                .containsPattern("\"rows\" : 7,\\s+\"rejected\" : 2")
                .contains("\"embedding(384)\"");
    }

    @Test
    void fieldsOfEarlierVersionsAreRead() throws IOException {
        String json = """
                {"job": "j", "run": "j-1", "format": "jsonl", "rows": 0, "rejected": 0, "shards": [], "rejects": [],
                 "columns": [{"name": "a", "type": "string"}, {"name": "b", "type": "int64"},
                   {"name": "c", "type": "float64"}, {"name": "d", "type": "scores"}], "origin": {}}
                """;
        store.replace(Manifest.uri(FOLDER), json.getBytes(StandardCharsets.UTF_8), store.find(Manifest.uri(FOLDER)));

        assertThat(Manifest.read(store, FOLDER).columns())
                .extracting(RecordSchema.Field::type)
                .containsExactly(FieldType.STRING, FieldType.INT64, FieldType.FLOAT64, FieldType.SCORES);
    }

    @Test
    void anUnknownTypeIsNamed() throws IOException {
        for (String type : List.of("embedding(0)", "embedding", "embedding(-1)", "embedding(99999999999)", "text")) {
            String json = "{\"columns\": [{\"name\": \"a\", \"type\": \"" + type + "\"}]}";
            store.replace(
                    Manifest.uri(FOLDER), json.getBytes(StandardCharsets.UTF_8), store.find(Manifest.uri(FOLDER)));

            assertThatThrownBy(() -> Manifest.read(store, FOLDER))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("damaged", type);
        }
    }

    @Test
    void takesThePlaceOfTheOneBefore() throws IOException {
        MANIFEST.write(store, FOLDER);
        Manifest next =
                new Manifest("predict", "predict-2", "parquet", MANIFEST.columns(), List.of(), List.of(), Map.of());
        next.write(store, FOLDER);

        assertThat(Manifest.read(store, FOLDER)).isEqualTo(next);
        assertThat(next.rows()).isZero();
    }

    @Test
    void isMissingWhereThereIsNoFinishedResult() throws IOException {
        assertThat(Manifest.find(store, FOLDER)).isEmpty();
        assertThatThrownBy(() -> Manifest.read(store, FOLDER))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("gs://bucket/result/manifest.json");
    }

    @Test
    void isNamedWhenItIsDamaged() throws IOException {
        store.replace(
                Manifest.uri(FOLDER), "{\"job\":".getBytes(StandardCharsets.UTF_8), store.find(Manifest.uri(FOLDER)));

        assertThatThrownBy(() -> Manifest.read(store, FOLDER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("gs://bucket/result/manifest.json is damaged");
    }
}
