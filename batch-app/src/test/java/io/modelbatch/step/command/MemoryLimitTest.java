package io.modelbatch.step.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of memory, with a program that takes more. */
class MemoryLimitTest {
    private static final LimitOptions LIMIT = new LimitOptions("64Mi");

    /** {@code tail} keeps all that has no end of line. */
    private static final List<String> GREEDY =
            List.of("/bin/sh", "-c", "head -c 300000000 /dev/zero | tail | wc -c; sleep 0");

    private final List<String> lines = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void aControlGroupIsTheBestWayAndTellsWhatTheKernelDid() throws Exception {
        try (MemoryLimit limit = MemoryLimit.of(
                LIMIT, "modelbatch-test-" + ProcessHandle.current().pid())) {
            assumeTrue(limit.group().isPresent(), "no control group can be made here: " + limit.words());
            KernelKills kills = KernelKills.before(limit);

            run(limit);

            assertThat(kills.after()).isEqualTo(Attempt.Kills.AT_LIMIT);
            assertThat(limit.group().get().peak()).hasValue(LIMIT.bytes());
            assertThat(lines).contains("0");
        }
    }

    @Test
    void itsControlGroupIsRemoved() throws Exception {
        Path made;
        try (MemoryLimit limit = MemoryLimit.of(
                LIMIT, "modelbatch-test-" + ProcessHandle.current().pid())) {
            assumeTrue(limit.group().isPresent(), "no control group can be made here: " + limit.words());
            made = limit.group().get().folder();
            assertThat(made).isDirectory();
        }
        assertThat(made).doesNotExist();
    }

    @Test
    void withoutOneEachProcessIsLimited() throws Exception {
        try (MemoryLimit limit = MemoryLimit.of(LIMIT, "unused", Optional.empty())) {
            assertThat(limit.words()).contains("64Mi for each process", "ulimit -d");

            run(limit);

            assertThat(lines).contains("0");
        }
    }

    @Test
    void withoutALimitItRuns() throws Exception {
        run(MemoryLimit.of(LimitOptions.NONE, "unused"));

        assertThat(lines).contains("300000000");
    }

    private void run(MemoryLimit limit) throws Exception {
        try (OutputFile file = OutputFile.create(folder.resolve("output.log"))) {
            ChildProcess child = ChildProcess.start(
                    new ChildProcess.Start(GREEDY, folder, Map.of("PATH", System.getenv("PATH")), "test/" + folder),
                    limit,
                    new ProgramOutput(file, lines::add, bar -> {}));
            assertThat(child.awaitEnd(Duration.ofMinutes(1))).isTrue();
            child.end(Duration.ofSeconds(1));
        }
    }
}
