package io.modelbatch.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Folders that appear whole or not at all, whichever process makes them. */
final class AtomicFolders {
    private static final Object ALONE = new Object();
    private static final Duration ABANDONED = Duration.ofDays(1);

    private AtomicFolders() {}

    /** Something to be done. */
    @FunctionalInterface
    interface FolderAction<T> {
        T run() throws IOException;
    }

    /** A new, empty folder below another. */
    static Path freshFolder(Path parent) throws IOException {
        return Files.createDirectories(parent.resolve("." + UUID.randomUUID()));
    }

    /** Moves a folder to its place, unless another process put the same there meanwhile. */
    static void publish(Path fresh, Path folder) throws IOException {
        try {
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /** Something done while no thread and no other process does such a thing in the folder. */
    static <T> T alone(Path folder, FolderAction<T> work) throws IOException {
        // A file's lock is for other processes: Java refuses it to a second thread of this one instead of letting it
        // wait.
        synchronized (ALONE) {
            try (FileChannel channel = FileChannel.open(
                            Files.createDirectories(folder).resolve(".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                return work.run();
            }
        }
    }

    /** Removes the fresh folders of processes that were killed; a living one may be at its own for hours. */
    static void discardAbandoned(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return;
        }
        Instant old = Instant.now().minus(ABANDONED);
        List<Path> hidden;
        try (Stream<Path> all = Files.list(parent)) {
            hidden = all.filter(path -> path.getFileName().toString().startsWith("."))
                    .toList();
        }
        for (Path folder : hidden) {
            try {
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(old)) {
                    discard(folder);
                }
            } catch (NoSuchFileException gone) {
                // Another process removes it, or published it.
            }
        }
    }

    /** Removes a folder, if it is there, out of the way first. */
    static void discard(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Path gone = folder.resolveSibling("." + UUID.randomUUID());
        Files.move(folder, gone, StandardCopyOption.ATOMIC_MOVE);
        List<Path> files;
        try (Stream<Path> all = Files.walk(gone)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
