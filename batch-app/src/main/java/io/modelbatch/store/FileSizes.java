package io.modelbatch.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The lengths of files whose folder stands for a folder of a bucket. Links are not followed: one is an object of its own length. */
public final class FileSizes {
    private FileSizes() {}

    /** Of all files below a folder, by name. One that is removed meanwhile may be missing. */
    public static Map<ObjectUri, Long> below(Path path, ObjectUri folder) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sizes.put(path.relativize(file).toString(), attributes.size());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        Map<ObjectUri, Long> byUri = new LinkedHashMap<>();
        sizes.forEach((name, bytes) -> byUri.put(folder.child(name), bytes));
        return byUri;
    }
}
