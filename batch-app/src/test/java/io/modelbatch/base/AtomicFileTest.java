package io.modelbatch.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void makesTheFolderToo() throws IOException {
        Path target = folder.resolve("a/b/file");

        assertThat(AtomicFile.write(target, file -> Files.writeString(file, "whole")))
                .isEqualTo(target);

        assertThat(target).hasContent("whole");
    }

    @Test
    void theOldFileIsThereUntilTheNewOneIsWhole() throws IOException {
        Path target = Files.writeString(folder.resolve("file"), "old");

        AtomicFile.write(target, file -> {
            Files.writeString(file, "new");
            assertThat(target).hasContent("old");
        });

        assertThat(target).hasContent("new");
    }

    @Test
    void aFailureLeavesNothingOfTheNewFile() throws IOException {
        Path target = Files.writeString(folder.resolve("file"), "old");

        assertThatThrownBy(() -> AtomicFile.write(target, file -> {
                    Files.writeString(file, "ne");
                    throw new IOException("No space left on device");
                }))
                .hasMessage("No space left on device");

        assertThat(folder.toFile().list()).hasSize(1);
        assertThat(target).hasContent("old");
    }

    @Test
    void theNameMayBeAsLongAsTheFileSystemAllows() throws IOException {
        Path target = folder.resolve("n".repeat(255));

        AtomicFile.write(target, file -> Files.writeString(file, "whole"));

        assertThat(target).hasContent("whole");
    }

    @Test
    void aNewFileIsThatOfTheFirst() throws IOException {
        Path target = folder.resolve("file");

        AtomicFile.create(target, file -> {
            AtomicFile.create(target, faster -> Files.writeString(faster, "first"));
            Files.writeString(file, "second");
        });

        assertThat(target).hasContent("first");
        assertThat(folder.toFile().list()).hasSize(1);
    }
}
