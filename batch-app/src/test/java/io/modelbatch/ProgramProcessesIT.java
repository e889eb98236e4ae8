package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Programs of a run whose process is stopped or killed: none of their processes stays, and the next start continues in their workspace. */
class ProgramProcessesIT {
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    /** The first attempt stays, with a process that ignores SIGTERM, and a daemon. The second one ends. */
    private static final String JOB = """
            steps:
              - command:
                  run: [sh, work.sh]
                  directory: HERE/work
                  outputs: gs://shop/out
            """;

    private static final String PROGRAM = """
            echo x >> attempts
            echo attempt $(wc -l < attempts)
            test $(wc -l < attempts) = 1 || exit 0
            (setsid sh -c 'trap "" TERM; while true; do sleep 0.2; done' &)
            (trap '' TERM; sleep 600) &
            echo working
            sleep 600
            """;

    @TempDir
    private Path folder;

    /** SIGINT and SIGHUP do the same, unless the process that started the tests ignores them. */
    @Test
    void aStopEndsThemAndTheRunResumesInItsWorkspace() throws Exception {
        BatchProcess working = start();

        Instant asked = Instant.now();
        working.terminate();
        BatchProcess.Ended stopped = working.await();

        assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_MOST);
        assertThat(stopped.exit()).as(stopped.output()).isEqualTo(4);
        assertThat(processes()).isEmpty();
        assertThat(files("output-1.log")).hasSize(1).first().asString().contains("working");
        // As on another machine.
        FileSystemUtils.deleteRecursively(folder.resolve("local/workspaces"));
        assertCompletes();
    }

    /** As systemd does: the program may end first, and with any exit code. */
    @Test
    void aSignalToAllProcessesIsAStop() throws Exception {
        BatchProcess working = start();

        words("kill -TERM "
                + processes().replaceAll("/proc/([0-9]+)/environ", "$1").replace('\n', ' ') + " " + working.pid());
        BatchProcess.Ended stopped = working.await();

        assertThat(stopped.exit()).as(stopped.output()).isEqualTo(4);
        assertCompletes();
    }

    @Test
    void aKillEndsThem() throws Exception {
        BatchProcess working = start();

        working.signal("KILL");

        awaitNoProcesses();
        assertCompletes();
    }

    /** The shell that waits for the end of Modelbatch is killed too, as where a whole group of processes is. */
    @Test
    void theNextStartEndsThem() throws Exception {
        BatchProcess working = start();
        for (String shell : words("pgrep -f 'modelbatch-watch MODELBATCH_PROCESS=" + run() + "/'")
                .split("\n")) {
            ProcessHandle.of(Long.parseLong(shell.strip())).ifPresent(ProcessHandle::destroyForcibly);
        }

        working.signal("KILL");

        BatchProcess.Ended next = assertCompletes();
        assertThat(next.output()).containsPattern("ending [0-9]+ processes that an earlier execution left");
    }

    private BatchProcess start() throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("work"));
        Files.writeString(folder.resolve("work/work.sh"), PROGRAM);
        new CommandLine(folder).job("job", JOB.replace("HERE", folder.toString()));
        BatchProcess working = BatchProcess.start(folder, "job=job");
        working.awaitOutput("\"line\":\"working\"");
        assertThat(processes()).isNotEmpty();
        return working;
    }

    private BatchProcess.Ended assertCompletes() throws IOException, InterruptedException {
        BatchProcess.Ended next = BatchProcess.run(folder, "job=job");
        assertThat(next.exit()).as(next.output()).isZero();
        assertThat(next.output()).contains("run-resumed", "\"line\":\"attempt 2\"");
        assertThat(folder.resolve("local/buckets/shop/out/attempts")).hasContent("x\nx\n");
        assertThat(processes()).isEmpty();
        assertThat(folder.resolve("local/workspaces")).isEmptyDirectory();
        assertThat(files("workspace-.*")).isEmpty();
        return next;
    }

    private void awaitNoProcesses() {
        await("no process is left").atMost(AT_MOST).until(this::processes, String::isEmpty);
    }

    /** The unique name of the run, the only one in the folder. */
    private String run() throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve("local/workspaces"))) {
            return runs.findFirst().orElseThrow().getFileName().toString();
        }
    }

    /** The programs of the run that are alive. */
    private String processes() throws IOException, InterruptedException {
        return words("grep -lsF " + folder + "/local/workspaces/ /proc/[0-9]*/environ");
    }

    private static String words(String script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", script).start();
        String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        shell.waitFor();
        return words.strip();
    }

    /** The contents of the run's objects with such names. */
    private List<String> files(String name) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("local/buckets/modelbatch/runs"))) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .map(ProgramProcessesIT::read)
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
