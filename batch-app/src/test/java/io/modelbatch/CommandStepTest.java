package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps {@code command} of jobs, with real programs. */
class CommandStepTest {
    private static final int FAILED = 1;
    private static final int FAILED_FOR_GOOD = 3;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = new CommandLine(folder);
    }

    @Test
    void aProgramsFilesAndOutputArrive() throws IOException {
        script(
                "work/count.sh",
                "#!/bin/sh\necho counting $1\nls\nmkdir charts; echo 3 > charts/result.txt; echo x > other\n");
        job("""
                parameters:
                  date: { type: date }
                steps:
                  - command:
                      run: [./count.sh, "${date}"]
                      directory: HERE/work
                      outputs: gs://shop/counts/${date}
                      files: ["charts/*.txt"]
                """);

        Ended ended = shop.run("job=job", "date=2026-03-31");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(shop.bucket("shop/counts/2026-03-31/charts/result.txt")).hasContent("3");
        assertThat(shop.bucket("shop/counts/2026-03-31/other")).doesNotExist();
        assertThat(ended.output()).contains("\"line\":\"counting 2026-03-31\"");
        assertThat(output()).isEqualTo("counting 2026-03-31\ncount.sh\n");
        assertThat(shop.run("report", "--json").output())
                .contains("\"exit-code\" : 0", "\"attempts\" : 1", "\"files\" : 1", "gs://shop/counts/2026-03-31");
        assertThat(folder.resolve("local/workspaces"))
                .as("removed with the run's end")
                .isEmptyDirectory();
    }

    @Test
    void aFailureNamesExitCodeAndLastLine() throws IOException {
        job("""
                steps:
                  - command: { run: [sh, -c, "echo begins; echo ValueError: no such column >&2; exit 7"] }
                """);

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(ended.words()).contains("exit code 7", "It printed last: ValueError: no such column");
        assertThat(output()).isEqualTo("begins\nValueError: no such column\n");
    }

    @Test
    void aResumedRunFindsItsWorkspace() throws IOException {
        job("""
                steps:
                  - command: { run: [sh, -c, "echo x >> tries; test $(wc -l < tries) = 2"] }
                """);

        assertThat(shop.run("job=job").exit()).isEqualTo(FAILED_FOR_GOOD);
        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isZero();
    }

    private void job(String yaml) {
        shop.job("job", yaml.replace("HERE", folder.toString()));
    }

    private void script(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** All that the programs of the newest run printed. */
    private String output() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(shop.bucket("modelbatch/runs"))) {
            List<Path> outputs = files.filter(
                            file -> file.getFileName().toString().matches("output-\\d+\\.log"))
                    .sorted()
                    .toList();
            for (Path output : outputs) {
                all.append(Files.readString(output));
            }
        }
        return all.toString();
    }
}
