package io.modelbatch.warehouse.local;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.modelbatch.store.Crc32c;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A pinned result: a Parquet file for each partition, their checksums, and what was pinned. It appears whole, by a rename. */
record PinnedFolder(Path path) {
    private static final String INPUT = "input.json";
    private static final String INPUT_CHECKSUM = "input.crc32c";
    private static final String PARTS = "parts.json";
    private static final String WAY_OUT = "; again=true starts a new run, which pins them again";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    boolean isThere() {
        return Files.isDirectory(path);
    }

    Path partition(int number) {
        return path.resolve("part-%05d.parquet".formatted(number));
    }

    /**
     * The length and the checksums of a partition's file.
     *
     * @param crc32c compared whenever the file is opened, because that is fast
     * @param sha256 part of the fingerprint
     */
    record Part(long bytes, String crc32c, String sha256) {}

    /** The pinned rows, if all of them are there as they were written. Needed where the step that pinned it has left nothing else. */
    Optional<PinnedInput> readWhole() {
        try {
            byte[] content = Files.readAllBytes(path.resolve(INPUT));
            if (!Crc32c.of(content).equals(Files.readString(path.resolve(INPUT_CHECKSUM)))) {
                return Optional.empty();
            }
            PinnedInput input = JSON.readValue(content, PinnedInput.class);
            boolean ours = Path.of(input.location()).equals(path.toAbsolutePath());
            for (int number = 0; ours && number < input.rows().size(); number++) {
                verify(input, number);
            }
            return Optional.of(input).filter(whole -> ours);
        } catch (IOException | JacksonException | WarehouseException damaged) {
            return Optional.empty();
        }
    }

    void write(PinnedInput input) throws IOException {
        byte[] content = JSON.writeValueAsBytes(input);
        Files.write(path.resolve(INPUT), content);
        Files.writeString(path.resolve(INPUT_CHECKSUM), Crc32c.of(content));
    }

    /**
     * Refuses a folder that is gone or is not what was pinned, and a partition whose file is damaged.
     *
     * @param input as the job repository has it
     */
    void verify(PinnedInput input, int partition) throws IOException {
        if (!isThere()) {
            throw new WarehouseException("The pinned rows are gone: " + path + WAY_OUT);
        }
        Path file = partition(partition);
        byte[] parts = Files.exists(path.resolve(PARTS)) ? Files.readAllBytes(path.resolve(PARTS)) : new byte[0];
        if (!Hashing.sha256().hashBytes(parts).toString().equals(input.fingerprint())) {
            throw new WarehouseException("The rows in " + path + " are not those that were pinned at " + input.created()
                    + " (" + PARTS + " lists others)" + WAY_OUT);
        }
        Part part = JSON.readValue(parts, Part[].class)[partition];
        if (!Files.exists(file)) {
            throw new WarehouseException("The pinned rows are gone: " + file + WAY_OUT);
        }
        if (Files.size(file) != part.bytes() || !Crc32c.of(file).equals(part.crc32c())) {
            throw new WarehouseException("The pinned rows in " + file + " are damaged: it has " + Files.size(file)
                    + " bytes and the CRC32C " + Crc32c.of(file) + "; " + part.bytes() + " bytes and " + part.crc32c()
                    + " were written at " + input.created() + WAY_OUT);
        }
    }

    /** Writes the checksums of all partitions, whose SHA-256 is the fingerprint. */
    String seal(int partitions) throws IOException {
        List<Part> parts = new ArrayList<>();
        for (int number = 0; number < partitions; number++) {
            Path file = partition(number);
            parts.add(new Part(
                    Files.size(file),
                    Crc32c.of(file),
                    MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString()));
        }
        byte[] content = JSON.writeValueAsBytes(parts);
        Files.write(path.resolve(PARTS), content);
        return Hashing.sha256().hashBytes(content).toString();
    }

    void delete() {
        try (var files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
