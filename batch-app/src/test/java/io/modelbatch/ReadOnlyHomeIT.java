package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home on a volume that is mounted for reading, as a backup or a machine for looking at runs has it. */
class ReadOnlyHomeIT {
    private static final int NOT_POSSIBLE = 77;

    @TempDir
    private Path folder;

    @Test
    void verbsThatReadWorkAndARunSaysWhyItCannot() throws Exception {
        CommandLine shop =
                new CommandLine(folder).job("one", "steps:\n  - extract: { query: \"SELECT 1 AS id\", key: id }\n");
        assertThat(shop.run("job=one").exit()).isZero();
        String java =
                QuickStart.command().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Path logs = Files.createDirectory(folder.resolve("output"));
        StringBuilder script = new StringBuilder(
                "mount --bind local local && mount -o remount,ro,bind local || exit " + NOT_POSSIBLE + "\n");
        for (String verb : List.of("status", "report", "prune keep=0", "job=one again=true")) {
            script.append("%s %s > 'output/%s' 2>&1; echo \"exit $?\" >> 'output/%s'\n"
                    .formatted(java, verb, verb.split(" ")[0], verb.split(" ")[0]));
        }

        Process shell = new ProcessBuilder("unshare", "--map-root-user", "--mount", "sh", "-c", script.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assumeTrue(
                shell.exitValue() != NOT_POSSIBLE && Files.exists(logs.resolve("status")),
                "this machine does not let a test mount a file system: " + output);

        assertThat(logs.resolve("status")).content().contains("one-1  COMPLETED", "exit 0");
        assertThat(logs.resolve("report")).content().contains("one-1", "exit 0");
        assertThat(logs.resolve("prune")).content().contains("Would be removed: 1 run", "exit 0");
        assertThat(logs.resolve("job=one")).content().contains("read-only", "make it writable", "exit 1");
    }
}
