package io.modelbatch.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home with links to folders that others share. */
class LocalFoldersTest {
    @TempDir
    private Path folder;

    private LocalFolders folders;

    @BeforeEach
    void open() throws IOException {
        folders = new LocalFolders(Files.createDirectory(folder.resolve("home")), LocalFolders.Access.OWNER);
    }

    /** Such as that of a worker which comes before the run whose rows it reads. */
    @Test
    void theFolderOfALinkIsMadeWhereItIsMissing() throws IOException {
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Files.createSymbolicLink(folders.pinned(), shared.resolve("pinned"));
        Files.createSymbolicLink(folders.buckets(), Path.of("../shared/buckets"));

        folders.make();

        assertThat(shared.resolve("pinned")).isDirectory();
        assertThat(shared.resolve("buckets")).isDirectory();
        assertThat(Files.getPosixFilePermissions(shared.resolve("pinned"))).hasSize(3);
        assertThat(Files.isSymbolicLink(folders.pinned())).isTrue();
    }

    /** A volume that is not mounted is not replaced by a folder of this machine. */
    @Test
    void aLinkIntoAFolderThatIsMissingIsRefused() throws IOException {
        Files.createSymbolicLink(folders.pinned(), folder.resolve("volume/pinned"));

        assertThatThrownBy(folders::make)
                .hasMessageContaining(folders.pinned() + " -> " + folder.resolve("volume/pinned"))
                .hasMessageContaining(folder.resolve("volume") + " is not there; make that folder, mount its volume");
        assertThat(folder.resolve("volume")).doesNotExist();
    }
}
