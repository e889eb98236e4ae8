package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFolderTest {
    private static final String TEMPORARY = "java.io.tmpdir";

    private final String before = System.getProperty(TEMPORARY);

    @TempDir
    private Path parent;

    @BeforeEach
    void useTheTestsFolder() {
        System.setProperty(TEMPORARY, parent.toString());
    }

    @AfterEach
    void restore() {
        System.setProperty(TEMPORARY, before);
    }

    @Test
    void isGoneWithAllItsFilesWhenItIsClosed() throws IOException {
        try (ScratchFolder scratch = ScratchFolder.claim()) {
            assertThat(scratch).isNotNull();
            Files.writeString(Path.of(System.getProperty(TEMPORARY)).resolve("unpacked.so"), "x");
        }

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void removesWhatAKilledProcessLeftAndNothingElse() throws IOException {
        Path abandoned = Files.createDirectory(parent.resolve("modelbatch-1-1"));
        Files.createFile(abandoned.resolve("lock"));
        Files.writeString(abandoned.resolve("unpacked.so"), "x");
        Path others = Files.createDirectory(parent.resolve("modelbatch-notes"));

        try (ScratchFolder scratch = ScratchFolder.claim()) {
            assertThat(scratch).isNotNull();
            assertThat(abandoned).doesNotExist();
            assertThat(others).exists();
        }
    }
}
