package io.modelbatch.warehouse.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.store.ObjectStores;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.Warehouse;
import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/** Pinned rows are read as they were pinned, or not at all. */
class PinnedFolderTest {
    @TempDir
    private Path home;

    private Warehouse warehouse;
    private PinnedInput input;
    private Path folder;

    @BeforeEach
    void pin() throws IOException {
        String lines = IntStream.range(0, 100)
                .mapToObj(id -> id + ",text of " + id)
                .collect(Collectors.joining("\n", "id,text\n", "\n"));
        Files.writeString(
                Files.createDirectories(home.resolve("warehouse/shop")).resolve("lines.csv"), lines);
        warehouse = LocalWarehouse.of(
                home.resolve("warehouse"), home.resolve("pinned"), ObjectStores.folder(home.resolve("buckets")));
        input = extract("run-1", "SELECT id, text FROM shop.lines");
        folder = Path.of(input.location());
    }

    @Test
    void noFlippedByteIsRead() throws IOException {
        Path part = folder.resolve("part-00001.parquet");
        byte[] whole = Files.readAllBytes(part);
        for (int at = 0; at < whole.length; at += 7) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Files.write(part, flipped);
            assertDamaged(1, "part-00001.parquet", "damaged");
        }
        Files.write(part, whole);
        assertThat(texts(1)).isPositive();
    }

    @Test
    void anotherPartitionInItsPlaceIsNotRead() throws IOException {
        Files.copy(
                folder.resolve("part-00000.parquet"),
                folder.resolve("part-00001.parquet"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(texts(0)).isPositive();
        assertDamaged(1, "part-00001.parquet", "damaged");
    }

    @Test
    void otherRowsInItsPlaceAreNotRead() throws IOException {
        PinnedInput other = extract("run-2", "SELECT id, text || '!' AS text FROM shop.lines");
        FileSystemUtils.deleteRecursively(folder);
        FileSystemUtils.copyRecursively(Path.of(other.location()), folder);

        assertDamaged(0, folder.toString(), "not those that were pinned");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "[{}]", "null"})
    void noChecksumsMeanNoRows(String checksums) throws IOException {
        Files.writeString(folder.resolve("parts.json"), checksums);
        assertDamaged(0, folder.toString(), "not those that were pinned");
        Files.delete(folder.resolve("parts.json"));
        assertDamaged(0, folder.toString(), "not those that were pinned");
    }

    /** The process died between the pinning and its commit, and the folder was damaged then. */
    @ParameterizedTest
    @ValueSource(strings = {"part-00000.parquet", "part-00001.parquet", "parts.json", "input.json", "input.crc32c"})
    void rowsThatNoStepReadAreFoundWholeOrPinnedAgain(String file) throws IOException {
        assertThat(extract("run-1", "SELECT id, text FROM shop.lines")).isEqualTo(input);

        byte[] content = Files.readAllBytes(folder.resolve(file));
        content[content.length / 2] ^= 1;
        Files.write(folder.resolve(file), content);
        PinnedInput again = extract("run-1", "SELECT id, text FROM shop.lines");

        assertThat(again.fingerprint()).isEqualTo(input.fingerprint());
        input = again;
        assertThat(texts(0) + texts(1)).isEqualTo(100);
    }

    /** {@code sha256sum} of the list of checksums, and of the files that it names. */
    @Test
    void theFingerprintIsASha256() throws Exception {
        byte[] parts = Files.readAllBytes(folder.resolve("parts.json"));

        assertThat(input.fingerprint()).isEqualTo(sha256(parts));
        assertThat(new String(parts, StandardCharsets.UTF_8))
                .contains(
                        sha256(Files.readAllBytes(folder.resolve("part-00000.parquet"))),
                        sha256(Files.readAllBytes(folder.resolve("part-00001.parquet"))));
    }

    private static String sha256(byte[] content) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private PinnedInput extract(String id, String query) {
        return warehouse.extract(new Extraction(id, query, Map.of(), "id", List.of(), 2, Extraction.Billing.NONE));
    }

    private long texts(int partition) {
        try (RowReader rows = warehouse.read(input, partition, List.of("text"), ReadPosition.BEGINNING)) {
            Optional<RowBlock> block = rows.read(1_000, 1_000_000);
            return block.map(read -> read.keys().size()).orElse(0);
        }
    }

    private void assertDamaged(int partition, String... words) {
        assertThatThrownBy(() -> texts(partition))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll(words)
                .hasMessageContaining("again=true");
    }
}
