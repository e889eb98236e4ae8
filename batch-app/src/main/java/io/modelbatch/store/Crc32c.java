package io.modelbatch.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** Cloud Storage's checksum. */
public final class Crc32c {
    private static final int BUFFER = 1 << 16;

    private Crc32c() {}

    /** Eight hexadecimal digits. */
    public static String of(Path file) throws IOException {
        Checksum checksum = new CRC32C();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                checksum.update(buffer, 0, read);
            }
        }
        return digits(checksum);
    }

    /** Eight hexadecimal digits. */
    public static String of(byte[] content) {
        Checksum checksum = new CRC32C();
        checksum.update(content);
        return digits(checksum);
    }

    /** A checksum that was computed while the bytes went by, as eight hexadecimal digits. */
    public static String digits(Checksum crc32c) {
        return "%08x".formatted(crc32c.getValue());
    }
}
