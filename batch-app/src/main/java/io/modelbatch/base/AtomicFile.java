package io.modelbatch.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
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

    /** Puts a file in its place. */
    @FunctionalInterface
    private interface Placing {
        void place(Path written) throws IOException;
    }

    /**
     * Writes a file. What is there, or is put there by another process meanwhile, is replaced.
     *
     * @return the target
     */
    public static Path write(Path target, Content content) throws IOException {
        place(target, content, written -> Files.move(written, target, StandardCopyOption.ATOMIC_MOVE));
        return target;
    }

    /** Writes a file that is not there yet. Of several processes that do so at a time the first prevails; its folder must allow links. */
    public static void create(Path target, Content content) throws IOException {
        place(target, content, written -> {
            try {
                Files.createLink(target, written);
            } catch (FileAlreadyExistsException e) {
                // Another process was first.
            }
        });
    }

    /**
     * Writes a hidden file beside the target and forces its bytes to the disk. Its name is short, for the target's may be as long as the
     * file system allows, and used by no other process: in containers process ids repeat.
     */
    private static void place(Path target, Content content, Placing placing) throws IOException {
        Path folder = Files.createDirectories(target.toAbsolutePath().getParent());
        Path temporary = folder.resolve("." + UUID.randomUUID());
        try {
            content.write(temporary);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            placing.place(temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
