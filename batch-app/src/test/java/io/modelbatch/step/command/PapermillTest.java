package io.modelbatch.step.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python of the program {@code papermill}, however it was installed. */
class PapermillTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void resolve() throws IOException {
        folder = folder.toRealPath();
    }

    @Test
    void theFirstLineOfTheScriptNamesIt() throws IOException {
        Path python = program("python/bin/python3.12", "");
        program("local/bin/papermill", "#!" + python + " -sP\nimport re\n");
        program("local/bin/python3", "");

        assertThat(found("local/bin")).isEqualTo(python);
    }

    /** As pip writes it where the path is too long for a first line or has spaces, and pipx links to it. */
    @Test
    void itIsBesideTheScriptThatALinkLeadsTo() throws IOException {
        Path python = program("pipx/my venv/bin/python", "");
        Path script =
                program("pipx/my venv/bin/papermill", "#!/bin/sh\n'''exec' \"" + python + "\" \"$0\" \"$@\"\n' '''\n");
        Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(folder.resolve("bin/papermill"), script);

        assertThat(found("bin")).isEqualTo(python);
    }

    @Test
    void thePropertyTakesPrecedence() throws IOException {
        program("bin/papermill", "#!/bin/sh\n");
        Path python = program("venv/bin/python", "");

        assertThat(Papermill.find(Optional.of(python.toString()), path("bin")).python())
                .isEqualTo(python);
        assertThat(Papermill.find(Optional.of("python"), path("venv/bin")).python())
                .isEqualTo(python);
    }

    @Test
    void withoutOneTheWayOutIsSaid() throws IOException {
        program("bin/papermill", "#!/bin/bash\nconda run papermill \"$@\"\n");

        assertThatThrownBy(() -> Papermill.find(Optional.empty(), null)).hasMessageContaining("pip install papermill");
        assertThatThrownBy(() -> found("empty")).hasMessageContaining("pip install papermill");
        assertThatThrownBy(() -> found("bin")).hasMessageContaining("--modelbatch.python=");
        assertThatThrownBy(() -> Papermill.find(Optional.of("/nowhere/python"), path("bin")))
                .hasMessageContaining("modelbatch.python is '/nowhere/python'");
    }

    private Path found(String onPath) {
        return Papermill.find(Optional.empty(), path(onPath)).python();
    }

    private String path(String name) {
        return "/nowhere:" + folder.resolve(name);
    }

    private Path program(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
