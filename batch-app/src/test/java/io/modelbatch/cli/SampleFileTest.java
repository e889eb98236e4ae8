package io.modelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.ByteArrayResource;

class SampleFileTest {
    @TempDir
    Path folder;

    /** In a container each process has the same id. */
    @Test
    void isWrittenBesideWhatAKilledProcessWithTheSameIdLeft() throws Exception {
        Path target = folder.resolve("lines.csv");
        Files.writeString(folder.resolve(".lines.csv." + ProcessHandle.current().pid()), "ha");
        SampleFile file = new SampleFile(
                new ByteArrayResource("half".getBytes(StandardCharsets.UTF_8)), target, SampleFile.Kind.JOB);

        assertThat(file.writeIfMissing()).isTrue();

        assertThat(target).hasContent("half");
        assertThat(file.writeIfMissing()).isFalse();
    }
}
