package io.modelbatch.model;

import io.modelbatch.base.AtomicFile;
import io.modelbatch.store.Crc32c;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A file of a cache with its length and CRC32C in a second file beside it. The second one is written last. */
record ChecksummedFile(Path folder, String name) {
    private static final String CHECKSUM = ".crc32c";

    Path path() {
        return folder.resolve(name);
    }

    /** True when the file has the bytes that were written; costs reading it. */
    boolean isWhole() throws IOException {
        return Files.isRegularFile(path())
                && Files.isRegularFile(checksum())
                && Arrays.equals(Files.readAllBytes(checksum()), description(path()));
    }

    /** Writes both, in the place of what is there. */
    void write(AtomicFile.Content content) throws IOException {
        byte[][] description = new byte[1][];
        AtomicFile.write(path(), temporary -> {
            content.write(temporary);
            description[0] = description(temporary);
        });
        AtomicFile.write(checksum(), temporary -> Files.write(temporary, description[0]));
    }

    private Path checksum() {
        return folder.resolve(name + CHECKSUM);
    }

    private static byte[] description(Path file) throws IOException {
        return (Files.size(file) + " " + Crc32c.of(file) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
