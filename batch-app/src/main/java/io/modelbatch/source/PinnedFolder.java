package io.modelbatch.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A pinned result: a Parquet file for each partition, and what was pinned. It appears whole, by a rename. */
record PinnedFolder(Path path) {
    private static final String INPUT = "input.json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    boolean isThere() {
        return Files.isDirectory(path);
    }

    Path partition(int number) {
        return path.resolve("part-%05d.parquet".formatted(number));
    }

    PinnedInput read() {
        Path file = path.resolve(INPUT);
        try {
            return JSON.readValue(Files.readAllBytes(file), PinnedInput.class);
        } catch (IOException | JacksonException e) {
            throw new WarehouseException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    void write(PinnedInput input) throws IOException {
        Files.write(path.resolve(INPUT), JSON.writeValueAsBytes(input));
    }

    /** Refuses a folder that is gone or is not what was pinned. */
    void verify(PinnedInput input) {
        if (!isThere()) {
            throw new WarehouseException(
                    "The pinned rows are gone: " + path + "; again=true starts a new run, which pins them anew");
        }
        if (!read().fingerprint().equals(input.fingerprint())) {
            throw new WarehouseException("The rows in " + path + " are not those that were pinned at " + input.created()
                    + "; again=true starts a new run, which pins them anew");
        }
    }

    /** SHA-256 over the files of all partitions. */
    String fingerprint(int partitions) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 16];
        for (int number = 0; number < partitions; number++) {
            try (var in = Files.newInputStream(partition(number))) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    digest.update(buffer, 0, read);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    void delete() {
        try (var files = Files.walk(path)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
