package io.modelbatch.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
            List.of(new RecordSchema.Field("id", FieldType.INT64), new RecordSchema.Field("scores", FieldType.SCORES)),
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
                .containsPattern("\"rows\" : 7,\\s+\"rejected\" : 2");
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
