package io.modelbatch.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Finds the files that somebody means who names a file or a folder of this machine. */
final class LocalFiles {
    private LocalFiles() {}

    /**
     * A file that is there.
     *
     * @param name its path relative to the folder, with slashes; empty for a file that was named itself
     */
    record Found(String name, Path path) {}

    /**
     * In the order of their names; at least one.
     *
     * @throws NoSuchFileException when there is none
     * @throws AccessDeniedException when something is neither file nor folder, or a link leads out of the folder
     */
    static List<Found> find(Path from) throws IOException {
        if (Files.isRegularFile(from)) {
            return List.of(new Found("", from));
        }
        if (!Files.isDirectory(from)) {
            throw new NoSuchFileException(
                    from.toString(),
                    null,
                    "there is no such file or folder (looked for in "
                            + Path.of("").toAbsolutePath() + ")"
                            + (from.startsWith("~") ? "; ~ is not replaced here, write the full path" : ""));
        }
        List<Found> files = new ArrayList<>();
        Path root = from.toRealPath();
        try (Stream<Path> all = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                refuseOutside(path, root);
                if (!Files.isDirectory(path)) {
                    files.add(new Found(name(from.relativize(path)), path));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause() instanceof FileSystemLoopException loop
                    ? new AccessDeniedException(
                            loop.getFile(),
                            null,
                            "is a link to a folder above it, so the links form a cycle; remove it")
                    : e.getCause();
        }
        if (files.isEmpty()) {
            throw new NoSuchFileException(
                    from.toString(), null, "the folder contains no files, and buckets have no empty folders");
        }
        files.sort(Comparator.comparing(Found::name));
        return files;
    }

    /** Refuses a link that leads outside: its target was not named, and may be a key, a device or the whole machine. */
    private static void refuseOutside(Path path, Path root) throws IOException {
        if (path.toString().contains("\uFFFD")) {
            throw new AccessDeniedException(
                    path.toString(),
                    null,
                    "has a name that is not UTF-8, so two files might become one object; rename it");
        }
        if (!Files.exists(path)) {
            throw new AccessDeniedException(path.toString(), null, "is a broken link; remove it");
        }
        if (!path.toRealPath().startsWith(root)) {
            throw new AccessDeniedException(
                    path.toString(),
                    null,
                    "is a link to a place outside the folder; replace it with a copy, or upload its target separately");
        }
        if (!Files.isDirectory(path) && !Files.isRegularFile(path)) {
            throw new AccessDeniedException(path.toString(), null, "is neither a file nor a folder; move it elsewhere");
        }
    }

    private static String name(Path relative) {
        return StreamSupport.stream(relative.spliterator(), false)
                .map(Path::toString)
                .collect(Collectors.joining("/"));
    }
}
