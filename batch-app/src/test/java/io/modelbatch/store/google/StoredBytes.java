package io.modelbatch.store.google;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import tools.jackson.databind.JsonNode;

/**
 * An object of a {@link ServedBucket}, as it was uploaded.
 *
 * @param metadata what its uploader said about it
 * @param file its bytes
 * @param created when the upload was complete
 */
record StoredBytes(
        String bucket,
        String name,
        JsonNode metadata,
        Path file,
        long bytes,
        String crc32c,
        long generation,
        Instant created) {
    private static final int BUFFER = 256 * 1024;

    static StoredBytes of(String bucket, String name, JsonNode metadata, Path file, long generation)
            throws IOException {
        return new StoredBytes(bucket, name, metadata, file, Files.size(file), crc32c(file), generation, Instant.now());
    }

    /** In Base64, as the service writes it. */
    static String crc32c(Path file) throws IOException {
        CRC32C checksum = new CRC32C();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                checksum.update(buffer, 0, n);
            }
        }
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex("%08x".formatted(checksum.getValue())));
    }

    /** Refuses bytes that are not those that the client says it sends. */
    static void verify(JsonNode declared, Path file) throws IOException {
        if (declared.isString() && !declared.stringValue().equals(crc32c(file))) {
            throw new StorageRefusal(
                    400,
                    "invalid",
                    "Provided CRC32C \"" + declared.stringValue() + "\" doesn't match calculated CRC32C \""
                            + crc32c(file) + "\".");
        }
    }
}
