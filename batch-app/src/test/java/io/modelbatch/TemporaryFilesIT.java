package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A folder for temporary files that cannot be used is named, with the way out. */
class TemporaryFilesIT {
    private static final int NOT_POSSIBLE = 77;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "-o noexec,          tmp,      3, not be mounted noexec",
        "-o size=2m,         tmp,      1, No space left on device",
        "-o ro,              tmp,      2, Read-only file system",
        "-o size=500m,       tmp/none, 2, 'cannot be used (NoSuchFileException'"
    })
    void isNamed(String mount, String temporary, int exit, String words) throws Exception {
        new CommandLine(folder).job("one", "steps:\n  - extract: { query: \"SELECT 1 AS id\", key: id }\n");
        Files.createDirectory(folder.resolve("tmp"));
        String java =
                QuickStart.shellCommand().replaceFirst(" ", " '-Djava.io.tmpdir=" + folder.resolve(temporary) + "' ");
        String script = "mount -t tmpfs " + mount + " tmpfs tmp || exit " + NOT_POSSIBLE + "\n" + java
                + " check job=one > check.log 2>&1; " + java + " job=one > run.log 2>&1";

        Process shell = new ProcessBuilder("unshare", "--map-root-user", "--mount", "sh", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assumeTrue(
                shell.exitValue() != NOT_POSSIBLE && Files.exists(folder.resolve("run.log")),
                "this machine does not let a test mount a file system: " + output);

        assertThat(shell.exitValue()).as(read("run.log")).isEqualTo(exit);
        for (String log : new String[] {"check.log", "run.log"}) {
            assertThat(read(log))
                    .contains(folder.resolve(temporary).toString(), words, "-Djava.io.tmpdir=DIR")
                    .doesNotContain("UnsatisfiedLinkError");
        }
    }

    private String read(String file) throws Exception {
        return Files.readString(folder.resolve(file));
    }
}
