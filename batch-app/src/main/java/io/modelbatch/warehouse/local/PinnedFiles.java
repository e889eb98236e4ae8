package io.modelbatch.warehouse.local;

import io.modelbatch.warehouse.Extraction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that is kept locally for an {@link Extraction#id}: the folder of its rows, and what killed attempts left beside it.
 *
 * @param pinned the folder of all pinned results
 */
record PinnedFiles(Path pinned, String id) {
    /** Beginning of the names of folders that are not whole yet. No id has a dot, so it is that of no other id. */
    static String incoming(String id) {
        return ".incoming-" + id + ".";
    }

    long bytes() {
        try {
            long bytes = 0;
            for (Path folder : folders()) {
                bytes += bytes(folder);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete() {
        folders().forEach(folder -> new PinnedFolder(folder).delete());
    }

    private List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        Path whole = pinned.resolve(id);
        if (Files.exists(whole, LinkOption.NOFOLLOW_LINKS)) {
            folders.add(whole);
        }
        TableFiles.children(pinned).stream()
                .filter(path -> String.valueOf(path.getFileName()).startsWith(incoming(id)))
                .forEach(folders::add);
        return folders;
    }

    /** Links are not followed. */
    private static long bytes(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                bytes += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
            }
        }
        return bytes;
    }
}
