package io.modelbatch.result;

import com.google.common.base.Throwables;
import io.modelbatch.base.SettingsException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DuckDB's native library, tens of megabytes that its driver unpacks into a temporary file and deletes when the process ends, but not
 * when it is killed. Linux keeps a mapped file that has no name any more, so there the name goes at once.
 */
public final class DuckDbLibrary {
    private static final Path MAPPED_FILES = Path.of("/proc/self/maps");
    private static final String NAME = "libduckdb_java";
    private static final Duration SURELY_UNPACKED = Duration.ofMinutes(10);
    private static final Logger log = LoggerFactory.getLogger(DuckDbLibrary.class);

    private static boolean deleted;

    private DuckDbLibrary() {}

    /**
     * Opens a database in memory.
     *
     * @throws SettingsException when the library cannot be unpacked or loaded
     */
    public static Connection open(Properties settings) throws SQLException {
        try {
            Connection connection = DriverManager.getConnection("jdbc:duckdb:", settings);
            deleteUnpacked();
            return connection;
        } catch (LinkageError e) {
            throw new SettingsException(
                    "DuckDB's library cannot be unpacked into and loaded from the folder for temporary files, "
                            + System.getProperty("java.io.tmpdir") + " (" + reason(e)
                            + "). It must exist, have 100 MB free and not be mounted noexec; java -Djava.io.tmpdir=DIR names another",
                    e);
        }
    }

    /** The first failure says why; later ones only that there was one. */
    private static String reason(LinkageError failure) {
        String words = String.valueOf(Throwables.getRootCause(failure).getMessage());
        return words.substring(words.lastIndexOf(": ") < 0 ? 0 : words.lastIndexOf(": ") + 2);
    }

    /** To be called after a connection that was opened otherwise; further calls cost nothing. */
    public static synchronized void deleteUnpacked() {
        if (deleted || Files.notExists(MAPPED_FILES)) {
            return;
        }
        deleted = true;
        try {
            for (Path file : mapped()) {
                Files.deleteIfExists(file);
                deleteHalfUnpacked(file.resolveSibling("."));
            }
        } catch (IOException e) {
            log.info("DuckDB's unpacked library stays until the process ends", e);
        }
    }

    /** Those of processes that were killed in that moment. */
    private static void deleteHalfUnpacked(Path folder) throws IOException {
        Instant before = Instant.now().minus(SURELY_UNPACKED);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, NAME + "*")) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static List<Path> mapped() throws IOException {
        try (Stream<String> lines = Files.lines(MAPPED_FILES)) {
            return lines.filter(line -> line.contains("/" + NAME) && !line.endsWith("(deleted)"))
                    .map(line -> Path.of(line.substring(line.indexOf('/'))))
                    .distinct()
                    .toList();
        }
    }
}
