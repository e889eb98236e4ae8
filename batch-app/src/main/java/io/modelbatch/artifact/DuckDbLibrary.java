package io.modelbatch.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DuckDB's native library, tens of megabytes that its driver unpacks into a temporary file and deletes when the process ends, but not
 * when it is killed. Linux keeps a mapped file that has no name any more, so there the name goes at once.
 */
public final class DuckDbLibrary {
    private static final Path MAPPED_FILES = Path.of("/proc/self/maps");
    private static final String NAME = "/libduckdb_java";
    private static final Logger log = LoggerFactory.getLogger(DuckDbLibrary.class);

    private static boolean deleted;

    private DuckDbLibrary() {}

    /** To be called after the first connection; further calls cost nothing. */
    public static synchronized void deleteUnpacked() {
        if (deleted || Files.notExists(MAPPED_FILES)) {
            return;
        }
        deleted = true;
        try {
            for (Path file : unpacked()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.info("DuckDB's unpacked library stays until the process ends", e);
        }
    }

    private static List<Path> unpacked() throws IOException {
        try (Stream<String> lines = Files.lines(MAPPED_FILES)) {
            return lines.filter(line -> line.contains(NAME) && !line.endsWith("(deleted)"))
                    .map(line -> Path.of(line.substring(line.indexOf('/'))))
                    .distinct()
                    .toList();
        }
    }
}
