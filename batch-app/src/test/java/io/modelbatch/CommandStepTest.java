package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

    @ParameterizedTest
    @MethodSource("badPrograms")
    void aProgramThatCannotBeRunIsNamed(String run, String words) throws IOException {
        script("work/no-permission.sh", "#!/bin/sh\n");
        Files.setPosixFilePermissions(
                folder.resolve("work/no-permission.sh"), PosixFilePermissions.fromString("rw-r--r--"));
        script("work/no-interpreter.sh", "#!/usr/bin/python-of-another-machine -u\nprint(1)\n");
        Files.createDirectories(folder.resolve("work/folder"));
        job("steps: [{ command: { directory: HERE/work, run: " + run + " } }]");

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(ended.words()).contains(words);
        Ended check = shop.run("check", "job=job");
        assertThat(check.exit()).as(check.words()).isNotZero();
        assertThat(check.words()).contains(words);
    }

    static Stream<Arguments> badPrograms() {
        return Stream.of(
                Arguments.of("[no-such-program]", "'no-such-program' is not in any folder of PATH"),
                Arguments.of("[./missing.sh]", "'./missing.sh' does not exist"),
                Arguments.of("[/usr/bin/no-such-program]", "'/usr/bin/no-such-program' does not exist"),
                Arguments.of("[./no-permission.sh]", "no-permission.sh' is not executable"),
                Arguments.of("[./folder]", "folder' is not executable"),
                Arguments.of("[./no-interpreter.sh]", "/usr/bin/python-of-another-machine"));
    }

    @ParameterizedTest
    @MethodSource("badEnds")
    void aBadEndHasItsWordsAndItsExitCode(String program, int exit, String words) {
        job("steps: [{ command: { timeout: 2s, retry-on: [75], run: [sh, -c, \"" + program + "\"] } }]");

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(exit);
        assertThat(ended.words()).contains(words);
    }

    static Stream<Arguments> badEnds() {
        return Stream.of(
                Arguments.of("exit 3", FAILED_FOR_GOOD, "ended with exit code 3"),
                Arguments.of("exit 75", FAILED, "ended with exit code 75"),
                Arguments.of("kill -SEGV $$", FAILED_FOR_GOOD, "exit code 139 (the signal SIGSEGV)"),
                Arguments.of("kill -KILL $$", FAILED_FOR_GOOD, "SIGKILL), which Modelbatch did not send"),
                Arguments.of("sleep 60", FAILED, "took longer than its timeout of 2s and was ended"),
                Arguments.of("read line || exit 9", FAILED_FOR_GOOD, "ended with exit code 9"));
    }

    @Test
    void aRetriedProgramSucceeds() {
        job("""
                steps:
                  - command:
                      run: [sh, -c, "echo x >> tries; test $(wc -l < tries) = 2 || exit 75"]
                      retries: 2
                      retry-on: [75, 76]
                """);

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.words()).contains("[exit code 75, retry 1 of 2 in 1 s]");
        assertThat(shop.run("report", "--json").output()).contains("\"attempts\" : 2");
    }

    @Test
    void theEnvironmentIsTheDocumentedOne() throws IOException {
        String other = undocumented().get(0);
        job("""
                steps:
                  - command: { name: first, run: [sh, -c, "echo 1 > x"], outputs: gs://shop/first }
                  - command:
                      name: second-step
                      run: [env]
                      environment: { TOP: 20, TEXT: "a b" }
                      inherit: [OTHER]
                """.replace("OTHER", other));

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(output().lines().map(line -> line.replaceAll("=.*", "")))
                .contains(other, "PATH", "MODELBATCH_WORKSPACE", "MODELBATCH_PROCESS", "MODELBATCH_ATTEMPT")
                .doesNotContainAnyElementsOf(
                        undocumented().subList(1, undocumented().size()));
        assertThat(output())
                .contains(
                        "TOP=20\n",
                        "TEXT=a b\n",
                        "MODELBATCH_ENVIRONMENT=local\n",
                        "MODELBATCH_JOB=job\n",
                        "MODELBATCH_RUN=job-1\n",
                        "MODELBATCH_STEP=second-step\n",
                        "MODELBATCH_FIRST_URI=gs://shop/first\n",
                        "MODELBATCH_FIRST_PATH=" + shop.bucket("shop/first") + "\n");
    }

    /** Variables of this process that no document names. */
    private static List<String> undocumented() throws IOException {
        String documents = Files.readString(Path.of("../docs/programs.md"));
        return System.getenv().keySet().stream()
                .filter(name -> !documents.contains("`" + name + "`"))
                .filter(name -> !List.of("_", "PWD", "SHLVL", "OLDPWD").contains(name))
                .sorted()
                .toList();
    }

    @Test
    void whatStaysInTheBackgroundIsEnded() throws Exception {
        job("""
                steps:
                  - command: { run: [sh, -c, "setsid sleep 300 & sleep 301 & (setsid sh -c 'sleep 302; true' &) ; echo done"] }
                """);

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.words()).contains("left processes in the background");
        assertThat(processes()).as("of this run").isEmpty();
    }

    @Test
    void aProgramThatIgnoresSigtermIsKilled() throws Exception {
        job("""
                steps:
                  - command: { timeout: 1s, run: [sh, -c, "trap '' TERM; (trap '' TERM; setsid sleep 300) & while true; do sleep 1; done"] }
                """);

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(FAILED);
        assertThat(processes()).as("of this run").isEmpty();
    }

    @Test
    void aPatternThatMatchesNothingIsNamed() {
        job("""
                steps:
                  - command: { run: [sh, -c, "echo > a.txt"], outputs: gs://shop/x, files: ["*.txt", "*.html"] }
                """);

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(ended.words()).contains("'*.html'", "matches no file", "a.txt");
        assertThat(shop.bucket("shop/x")).doesNotExist();
    }

    /** The gigabyte is neither kept nor shown. */
    @Test
    void aGigabyteIsBounded() throws IOException {
        job("""
                steps:
                  - command: { run: [sh, -c, "echo first; yes 1234567890123456789012345678901234567890123456789012345678901234567890 | head -c 1000000000; echo; echo last"] }
                """);

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words().substring(0, 1000)).isZero();
        assertThat(ended.output().length()).isLessThan(500_000);
        assertThat(ended.output()).contains("\"line\":\"first\"", "\"line\":\"last\"", "lines are left out here");
        String output = output();
        assertThat(output.length()).isLessThan(50_000_000);
        assertThat(output).startsWith("first\n1234567890").endsWith("\nlast\n").contains("bytes are left out here");
    }

    @Test
    void controlSequencesAndBinaryBytesDoNotReachTheTerminal() {
        job("""
                steps:
                  - command:
                      run: [sh, -c, 'printf "\\033[31mred\\033[0m \\033]0;title\\007x\\b\\377\\000 10%%\\r 20%%\\r100%% done\\nno end"']
                """);

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("\"line\":\"100% done\"", "\"line\":\"no end\"");
        assertThat(ended.output().chars().filter(each -> each < ' ' && each != '\n'))
                .isEmpty();
    }

    /** {@code [a, b]} and {@code ["a, b"]} are different commands. */
    @Test
    void aCommandThatWasChangedAfterItsSuccessIsNoticed() {
        String jobFile = "steps: [{ command: { name: first, run: [sh, -c, ls, ARGUMENTS] } },"
                + " { command: { name: second, run: [sh, -c, EXIT] } }]";
        job(jobFile.replace("ARGUMENTS", "a, b").replace("EXIT", "exit 1"));
        assertThat(shop.run("job=job").exit()).isEqualTo(FAILED_FOR_GOOD);
        job(jobFile.replace("ARGUMENTS", "\"a, b\"").replace("EXIT", "exit 0"));

        Ended changed = shop.run("job=job");
        job(jobFile.replace("ARGUMENTS", "a, b").replace("EXIT", "exit 0"));
        Ended fixed = shop.run("job=job");

        assertThat(changed.words()).contains("first.run: was", "The committed part of the run keeps the old first.run");
        assertThat(fixed.exit()).as(fixed.words()).isZero();
    }

    @Test
    void pruneRemovesTheWorkspaceOfAnAbandonedRun() throws IOException {
        job("steps: [{ command: { run: [sh, -c, \"echo 123456 > kept; exit 1\"] } }]");
        assertThat(shop.run("job=job").exit()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(folder.resolve("local/workspaces")).isDirectoryRecursivelyContaining("glob:**/kept");
        assertThat(shop.run("abandon", "job-1").exit()).isZero();

        Ended ended = shop.run("prune", "older-than=0d", "delete=true");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("Removed: 1 run");
        assertThat(folder.resolve("local/workspaces")).isEmptyDirectory();
        assertThat(shop.bucket("modelbatch/runs")).doesNotExist();
    }

    @Test
    void theFoldersOfModelbatchAreNotCopied() {
        job("steps: [{ command: { directory: HERE, run: [ls] } }]");

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(ended.words()).contains("contains Modelbatch's own files");
        assertThat(shop.run("check", "job=job").words()).contains("contains Modelbatch's own files");
    }

    @Test
    void problemsAreFoundBeforeARun() {
        job("""
                steps:
                  - command: { run: [] }
                  - command:
                      name: second
                      run: date
                      timeout: 5 minutes
                      retries: 1
                      retry-on: [0, 75]
                      files: ["../x", "[a"]
                      environment: { 1A: x, MODELBATCH_RUN: y }
                      inherit: [A=B]
                      limits: { memory: 4GB }
                """);

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(2);
        assertThat(ended.words())
                .contains(
                        "run: is empty",
                        "run: must be a list, such as [a, b], not 'date'",
                        "timeout: must be a duration",
                        "retry-on[0]: must be from 1 to 255, not 0",
                        "memory: must be a whole number of Mi, Gi or Ti");
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

    /** Processes of the newest run that are alive. */
    private static List<String> processes() throws IOException, InterruptedException {
        Process grep = new ProcessBuilder(
                        "sh", "-c", "grep -lsF MODELBATCH_PROCESS=job-1- /proc/[0-9]*/environ | xargs -r cat")
                .start();
        String found = new String(grep.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        grep.waitFor();
        return found.isEmpty() ? List.of() : List.of(found.split("\0"));
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
