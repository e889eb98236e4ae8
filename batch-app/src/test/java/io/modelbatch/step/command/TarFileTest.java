package io.modelbatch.step.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workspaces as archives. */
class TarFileTest {
    @TempDir
    private Path folder;

    @Test
    void everythingComesBack() throws Exception {
        Path from = Files.createDirectories(folder.resolve("from"));
        Files.createDirectories(from.resolve("empty/below"));
        Files.writeString(from.resolve("grüße 日本 \n.txt"), "hello");
        Files.createDirectories(from.resolve("x".repeat(120) + "/" + "y".repeat(120)));
        Files.writeString(from.resolve("x".repeat(120) + "/" + "y".repeat(120) + "/long"), "");
        Path script = Files.writeString(from.resolve("script.sh"), "exit");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
        Files.createSymbolicLink(from.resolve("link"), Path.of("script.sh"));
        Files.createSymbolicLink(from.resolve("broken"), Path.of("/nowhere"));
        Files.createSymbolicLink(from.resolve("outside"), Path.of("/usr"));

        TarFile.write(from, folder.resolve("x.tar"));
        Path to = Files.createDirectories(folder.resolve("to"));
        TarFile.extract(folder.resolve("x.tar"), to);

        assertThat(names(to)).isEqualTo(names(from));
        assertThat(to.resolve("grüße 日本 \n.txt")).hasContent("hello");
        assertThat(Files.getPosixFilePermissions(to.resolve("script.sh")))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(Files.readSymbolicLink(to.resolve("outside"))).isEqualTo(Path.of("/usr"));
    }

    /** A bucket is not only written by Modelbatch. */
    @ParameterizedTest
    @ValueSource(strings = {"../outside", "/tmp/outside-of-it", "link/outside"})
    void nothingIsExtractedOutside(String name) throws Exception {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(folder.resolve("x.tar")))) {
            TarArchiveEntry link = new TarArchiveEntry("link", TarArchiveEntry.LF_SYMLINK);
            link.setLinkName(folder.toString());
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
            tar.putArchiveEntry(new TarArchiveEntry(name));
            tar.closeArchiveEntry();
        }
        Path to = Files.createDirectories(folder.resolve("to"));

        assertThatThrownBy(() -> TarFile.extract(folder.resolve("x.tar"), to)).isInstanceOf(IOException.class);

        assertThat(folder.resolve("outside")).doesNotExist();
    }

    private static Stream<String> streamed(Path folder) throws IOException {
        return Files.walk(folder)
                .map(path -> folder.relativize(path).toString())
                .sorted();
    }

    private static java.util.List<String> names(Path folder) throws IOException {
        try (Stream<String> names = streamed(folder)) {
            return names.toList();
        }
    }
}
