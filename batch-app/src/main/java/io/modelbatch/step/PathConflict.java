package io.modelbatch.step;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file where a folder is needed, or a folder where a file is needed. A retry does not remove it. */
final class PathConflict {
    private PathConflict() {}

    /** The conflict as a sentence; empty where a failure has another reason. */
    static Optional<String> of(Throwable failure) {
        if (failure instanceof FileAlreadyExistsException taken) {
            return taken.getReason() == null
                    ? fileAt(Path.of(taken.getFile()))
                    : Optional.of(taken.getFile() + ": " + taken.getReason());
        }
        // Its subclasses have reasons of their own, such as a missing file.
        return failure.getClass() == FileSystemException.class ? of((FileSystemException) failure) : Optional.empty();
    }

    private static Optional<String> of(FileSystemException failure) {
        return fileAbove(failure.getFile())
                .or(() -> fileAbove(failure.getOtherFile()))
                .or(() -> folderAt(failure.getOtherFile()));
    }

    private static Optional<String> fileAbove(@Nullable String name) {
        Path above = name == null ? null : Path.of(name).toAbsolutePath().getParent();
        while (above != null && !Files.exists(above)) {
            above = above.getParent();
        }
        return above == null ? Optional.empty() : fileAt(above);
    }

    private static Optional<String> fileAt(Path path) {
        return Files.exists(path) && !Files.isDirectory(path)
                ? Optional.of(path + " is a file where a folder is needed; move it, or name another folder")
                : Optional.empty();
    }

    private static Optional<String> folderAt(@Nullable String name) {
        return name != null && Files.isDirectory(Path.of(name))
                ? Optional.of(name + " is a folder where a file is needed; move it, or name another file")
                : Optional.empty();
    }
}
