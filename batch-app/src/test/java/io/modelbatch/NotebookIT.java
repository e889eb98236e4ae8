package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A notebook whose run is stopped or killed in the middle of a cell. */
@Python.Needed
class NotebookIT {
    private static final Duration AT_MOST = Duration.ofSeconds(10);
    private static final int STOPPED = 4;

    /** The first attempt stays in its cell. */
    private static final String CELL = """
            import os, time
            first = not os.path.exists('tried')
            open('tried', 'w').close()
            if first:
                print('working', flush=True)
                time.sleep(600)
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        NotebookFile.named("report")
                .code(CELL)
                .code("open('done.txt', 'w').write('yes')")
                .write(folder.resolve("job-configs"));
        new CommandLine(folder)
                .job("job", "steps: [ { notebook: { notebook: report.ipynb, outputs: gs://shop/out } } ]");
    }

    @Test
    void aStopEndsItAndKeepsTheNotebook() throws Exception {
        BatchProcess working = start();

        Instant asked = Instant.now();
        working.signal("TERM");
        BatchProcess.Ended stopped = working.await();

        assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_MOST);
        assertThat(stopped.exit()).as(stopped.output()).isEqualTo(STOPPED);
        assertThat(processes()).isEmpty();
        assertThat(stopped.output()).contains("\"cell\":{\"number\":2,", "gs://shop/out/report.ipynb");
        assertThat(bucket("report.ipynb")).content().contains("\"status\": \"running\"");
        assertCompletes();
    }

    @Test
    void aKillEndsItsKernelAndTheNextStartExecutesItAgain() throws Exception {
        BatchProcess working = start();

        working.signal("KILL");

        await("no process is left").atMost(AT_MOST).until(this::processes, String::isEmpty);
        assertCompletes();
    }

    private BatchProcess start() throws IOException, InterruptedException {
        BatchProcess working = BatchProcess.start(folder, "job=job");
        working.awaitOutput("\"line\":\"working\"");
        assertThat(processes()).isNotEmpty();
        return working;
    }

    private void assertCompletes() throws IOException, InterruptedException {
        BatchProcess.Ended next = BatchProcess.run(folder, "job=job");
        assertThat(next.exit()).as(next.output()).isZero();
        assertThat(next.output()).contains("run-resumed");
        assertThat(bucket("done.txt")).hasContent("yes");
        assertThat(bucket("report.ipynb")).content().doesNotContain("\"status\": \"running\"");
        assertThat(bucket("report.html")).exists();
        assertThat(processes()).isEmpty();
    }

    private Path bucket(String name) {
        return folder.resolve("local/buckets/shop/out").resolve(name);
    }

    /** The programs of the run that are alive: papermill, its kernel, and what these started. */
    private String processes() throws IOException, InterruptedException {
        String script = "grep -lsF " + folder + "/local/workspaces/ /proc/[0-9]*/environ";
        Process shell = new ProcessBuilder("sh", "-c", script).start();
        String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        shell.waitFor();
        return words.strip();
    }
}
