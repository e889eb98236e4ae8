package io.modelbatch.cli;

import io.modelbatch.base.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.core.io.Resource;

/**
 * A file of the sample.
 *
 * @param content its content in the jar
 * @param target where it belongs
 * @param kind its kind
 */
record SampleFile(Resource content, Path target, Kind kind) {
    /** The kind of a file, which decides what may not be beside it. */
    enum Kind {
        JOB,
        TABLE,
        MODEL
    }

    /** The state of the file's place. */
    enum State {
        /** Nothing: it can be written. */
        MISSING,
        /** The file itself. */
        THERE,
        /** Another file of its name, another table of its name, or another model in its folder. */
        OTHER
    }

    State state() throws IOException {
        if (Files.exists(target)) {
            return isUnchanged(content, target) ? State.THERE : State.OTHER;
        }
        return hasRival() ? State.OTHER : State.MISSING;
    }

    /** Writes it whole or not at all, where it is missing; whether it did. Two processes may do so at once. */
    boolean writeIfMissing() throws IOException {
        if (Files.exists(target) || hasRival()) {
            return false;
        }
        createFolder();
        AtomicFile.write(target, file -> {
            try (InputStream in = content.getInputStream()) {
                Files.copy(in, file);
            }
        });
        return true;
    }

    /** The reason why it cannot be written. */
    String obstacle() {
        if (Files.exists(target)) {
            return "another file";
        }
        return kind == Kind.TABLE ? "another table of its name" : "another model";
    }

    private void createFolder() throws IOException {
        refuseObstacle(folder());
        try {
            Files.createDirectories(folder());
        } catch (AccessDeniedException e) {
            throw new UsageException(
                    target + " of the sample cannot be written: this user may not write to " + e.getFile());
        }
    }

    /** Refuses a folder that cannot be made, for a file or a link to nothing has its name or that of a folder above it. */
    static void refuseObstacle(Path folder) {
        Path obstacle = folder.toAbsolutePath();
        while (!Files.exists(obstacle, LinkOption.NOFOLLOW_LINKS)) {
            obstacle = Objects.requireNonNull(obstacle.getParent());
        }
        if (!Files.isDirectory(obstacle)) {
            throw new UsageException("The sample cannot be written: " + obstacle + " is not a folder; move it away");
        }
    }

    private Path folder() {
        return Objects.requireNonNull(target.toAbsolutePath().getParent());
    }

    /** A table has one file and its schema file, and a model's files belong together: with one of another model they would be no model. */
    private boolean hasRival() throws IOException {
        if (kind == Kind.JOB || !Files.isDirectory(folder())) {
            return false;
        }
        String name = String.valueOf(target.getFileName());
        String rival = kind == Kind.TABLE ? name.substring(0, name.indexOf('.') + 1) : "";
        try (Stream<Path> files = Files.list(folder())) {
            List<Path> beside = files.filter(Files::isRegularFile)
                    .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .filter(file -> String.valueOf(file.getFileName()).startsWith(rival))
                    .toList();
            for (Path file : beside) {
                if (!isUnchanged(content.createRelative(String.valueOf(file.getFileName())), file)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean isUnchanged(Resource content, Path file) throws IOException {
        if (!content.exists()) {
            return false;
        }
        try (InputStream in = content.getInputStream()) {
            return Arrays.equals(in.readAllBytes(), Files.readAllBytes(file));
        }
    }
}
