package io.modelbatch.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files that appear whole or not at all, whichever process writes them. */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes it.
         *
         * @param file is not there yet
         */
        void write(Path file) throws IOException;
    }

    /**
     * Writes a hidden file beside the target, forces its bytes to the disk, and renames it. What another process put there meanwhile is
     * replaced. The hidden name is short, for the target's may be as long as the file system allows, and used by no other process: in
     * containers process ids repeat.
     *
     * @return the target
     */
    public static Path write(Path target, Content content) throws IOException {
        Path folder = Files.createDirectories(target.toAbsolutePath().getParent());
        Path temporary = folder.resolve("." + UUID.randomUUID());
        try {
            content.write(temporary);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            return Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
