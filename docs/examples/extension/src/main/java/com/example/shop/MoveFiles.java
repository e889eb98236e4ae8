package com.example.shop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/**
 * Moves the files of a folder to another one, a file with each call. A crash may repeat a call: the file that has moved by then is no longer
 * in the folder. Knows Spring Batch alone.
 */
final class MoveFiles implements Tasklet {
    private final Path from;
    private final Path to;

    MoveFiles(Path from, Path to) {
        this.from = from;
        this.to = to;
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext chunk) throws IOException {
        Optional<Path> next = next();
        if (next.isEmpty()) {
            return RepeatStatus.FINISHED;
        }
        Path file = next.get();
        Files.createDirectories(to);
        Files.move(file, to.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        contribution.incrementReadCount(); // the rows of the step in `status`
        contribution.incrementWriteCount(1);
        return RepeatStatus.CONTINUABLE;
    }

    private Optional<Path> next() throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            return files.filter(Files::isRegularFile).sorted().findFirst();
        }
    }
}
