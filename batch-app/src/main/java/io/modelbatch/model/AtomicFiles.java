package io.modelbatch.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Files and folders that appear whole or not at all, whichever process makes them. */
final class AtomicFiles {
    private AtomicFiles() {}

    /** Makes a new file. */
    @FunctionalInterface
    interface Content {
        void write(Path file) throws IOException;
    }

    /** Makes a file beside its place and moves it there; one that another process put there meanwhile is replaced. */
    static Path write(Path folder, String name, Content content) throws IOException {
        Path temporary = folder.resolve("." + UUID.randomUUID());
        Files.createDirectories(folder);
        try {
            content.write(temporary);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            return Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
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
