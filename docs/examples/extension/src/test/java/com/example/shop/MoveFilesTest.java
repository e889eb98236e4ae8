package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/** The tasklet alone, without a job. */
class MoveFilesTest {
    private final StepExecution execution = new StepExecution(
            1, "archive", new JobExecution(1, new JobInstance(1, "prices"), new JobParameters()));

    @TempDir
    private Path folder;

    @Test
    void movesAFileWithEachCall() throws Exception {
        Path from = Files.createDirectories(folder.resolve("inbox"));
        Path to = folder.resolve("archive");
        Files.writeString(from.resolve("a.csv"), "a");
        Files.writeString(from.resolve("b.csv"), "b");
        MoveFiles move = new MoveFiles(from, to);

        assertThat(call(move)).isEqualTo(RepeatStatus.CONTINUABLE);
        assertThat(to.resolve("a.csv")).exists();
        assertThat(from.resolve("b.csv")).exists();
        assertThat(call(move)).isEqualTo(RepeatStatus.CONTINUABLE);
        assertThat(call(move)).isEqualTo(RepeatStatus.FINISHED);
        assertThat(from).isEmptyDirectory();
        assertThat(to.resolve("b.csv")).hasContent("b");
    }

    private RepeatStatus call(MoveFiles move) throws Exception {
        return move.execute(new StepContribution(execution), new ChunkContext(new StepContext(execution)));
    }
}
