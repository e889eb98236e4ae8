package io.modelbatch.step;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folders of this machine in which programs of runs work.
 *
 * @param root the folder of all
 */
public record Workspaces(Path root) {
    /**
     * The folder of a step of a run; it need not be there.
     *
     * @param run {@link StepKit#uniqueRun}
     */
    public Path of(String run, String step) {
        return root.resolve(run).resolve(step);
    }

    /** The length of the files of a run. */
    long bytes(String run) throws IOException {
        Path folder = root.resolve(run);
        return Files.isDirectory(folder) ? bytes(folder) : 0;
    }

    /** The length of the files in a folder, without those that links lead to. */
    public static long bytes(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                bytes += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
            }
        }
        return bytes;
    }

    /** Removes a folder and all in it, if it is there: also folders that a program made read-only, as package managers do. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                if (!Files.isWritable(each) && Files.getFileAttributeView(each, PosixFileAttributeView.class) != null) {
                    Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwx------"));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Removes the folders of all steps of a run. */
    void remove(String run) throws IOException {
        delete(root.resolve(run));
    }

    /** Removes the folder of a step, and that of its run with the last one. */
    public void remove(String run, String step) throws IOException {
        delete(of(run, step));
        String[] left = root.resolve(run).toFile().list();
        if (left != null && left.length == 0) {
            Files.deleteIfExists(root.resolve(run));
        }
    }
}
