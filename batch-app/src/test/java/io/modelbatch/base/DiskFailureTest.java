package io.modelbatch.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.modelbatch.base.DiskFailure.Reason;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskFailureTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    private Path folder;

    @Test
    void isReadFromWhatJavaSaysOfAFullDevice() {
        assumeThat(FULL).exists();
        assertThat(DiskFailure.of(new IllegalStateException(failure(() -> writeTo(FULL)))))
                .map(DiskFailure::reason)
                .contains(Reason.FULL);
    }

    @Test
    void isReadFromWhatDuckDbSaysOfAFullDevice() throws Exception {
        assumeThat(FULL).exists();
        Path link = Files.createSymbolicLink(folder.resolve("rows.parquet"), FULL);
        Throwable failure = failure(() -> {
            try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = connection.createStatement()) {
                statement.execute("COPY (SELECT range FROM range(1000)) TO '" + link + "' (USE_TMP_FILE false)");
            }
        });
        assertThat(DiskFailure.of(failure)).contains(new DiskFailure(Reason.FULL, Optional.of(link)));
    }

    @ParameterizedTest
    @CsvSource({
        "FULL,      No space left on device",
        "FULL,      /a/b (No space left on device)",
        "QUOTA,     Disk quota exceeded",
        "READ_ONLY, 'IO Error: Cannot open file \"/a/b\": Read-only file system'"
    })
    void isToldByTheLastWords(Reason reason, String message) {
        assertThat(DiskFailure.of(new IllegalStateException("?", new IOException(message))))
                .map(DiskFailure::reason)
                .contains(reason);
    }

    @Test
    void isNotInTheValueOfARow() {
        assertThat(DiskFailure.of(new SQLException(
                        "Conversion Error: Could not convert string 'No space left on device' to INT32 in row 3")))
                .isEmpty();
    }

    @Test
    void isNotTheDiskOfAnotherMachine() {
        assertThat(DiskFailure.of(new SQLException("could not extend file: No space left on device", "53100")))
                .isEmpty();
    }

    @Test
    void namesTheFolderOnTheVolumeAndWhatIsLeft() {
        Path file = folder.resolve("none/yet");
        FileSystemException failure = new FileSystemException(file.toString(), null, "No space left on device");
        String words = DiskFailure.of(failure).orElseThrow().words(new Volumes(List.of(folder)));
        assertThat(words)
                .matches("No space left on device below \\Q" + folder
                        + "\\E \\(.+ free of .+\\)\\. Free some space there, then repeat the command\\.");
    }

    @Test
    void namesBothFilesOfACopyByTheOneThatIsWritten() {
        FileSystemException failure = new FileSystemException("/dev/shm/from", "/to", "Disk quota exceeded");
        assertThat(DiskFailure.of(failure)).contains(new DiskFailure(Reason.QUOTA, Optional.of(Path.of("/to"))));
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static void writeTo(Path file) throws IOException {
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            out.write(1);
        }
    }

    private static Throwable failure(Attempt attempt) {
        try {
            attempt.run();
        } catch (Exception e) {
            return e;
        }
        throw new AssertionError("did not fail");
    }
}
