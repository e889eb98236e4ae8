package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFolderTest {
    @TempDir
    private Path parent;

    @Test
    void isGoneWithAllItsFilesWhenItIsClosed() throws IOException {
        try (ScratchFolder scratch = ScratchFolder.claim(parent)) {
            Files.writeString(scratch.folder("training-").resolve("weights"), "x");
        }

        assertThat(parent).isEmptyDirectory();
    }

    /** Another process. */
    static final class Other {
        public static void main(String[] parent) throws IOException {
            ScratchFolder.claim(Path.of(parent[0])).close();
        }
    }

    @Test
    void anotherProcessLeavesBothFoldersOfThisOne() throws Exception {
        try (ScratchFolder first = ScratchFolder.claim(parent);
                ScratchFolder second = ScratchFolder.claim(parent)) {
            Process other = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Other.class.getName(),
                            parent.toString())
                    .inheritIO()
                    .start();

            assertThat(other.waitFor()).isZero();
            assertThat(first.folder("a")).exists();
            assertThat(second.folder("b")).exists();
        }
    }

    @Test
    void removesWhatAKilledProcessLeftAndNothingElse() throws IOException {
        Path abandoned = Files.createDirectory(parent.resolve("modelbatch-1"));
        Files.createFile(abandoned.resolve("lock"));
        Files.writeString(abandoned.resolve("weights"), "x");
        Path others = Files.createDirectory(parent.resolve("modelbatch-notes"));

        try (ScratchFolder first = ScratchFolder.claim(parent);
                ScratchFolder second = ScratchFolder.claim(parent)) {
            assertThat(first.folder("a")).exists();
            assertThat(second.folder("b")).exists();
            assertThat(abandoned).doesNotExist();
            assertThat(others).exists();
        }
    }
}
