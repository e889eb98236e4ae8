package io.modelbatch.base;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The volumes that this process writes to.
 *
 * @param folders where it writes, the outer before the inner; one that is missing is on the volume where it will be made
 */
public record Volumes(List<Path> folders) {
    /** With less than this, what is written next may not fit. */
    public static final long LITTLE = 64_000_000;

    /** With absolute paths. */
    public Volumes {
        folders = folders.stream().map(AbsolutePath::of).toList();
    }

    /**
     * One of them.
     *
     * @param folder a folder on it
     * @param free how many bytes this user may still write
     * @param bytes its size
     * @param readOnly whether it cannot be written at all
     */
    public record Volume(Path folder, long free, long bytes, boolean readOnly) {
        /** The folder and what is left, for a person. */
        @Override
        public String toString() {
            return folder + " (" + new ByteSize(free) + " free of " + new ByteSize(bytes) + ")";
        }

        /** True when it has less than {@link #LITTLE}. */
        public boolean isShort() {
            return free < LITTLE;
        }
    }

    /** Each volume once, by the first of the folders that is on it. One that cannot be looked at is left out. */
    public List<Volume> all() {
        Map<FileStore, Volume> volumes = new LinkedHashMap<>();
        for (Path folder : folders) {
            try {
                FileStore store = store(folder);
                if (!volumes.containsKey(store)) {
                    volumes.put(store, volume(folder, store));
                }
            } catch (IOException e) {
                // Whoever needs the folder says why it cannot be used.
            }
        }
        return List.copyOf(volumes.values());
    }

    /** That of a file, by the innermost of the folders that hold it there, else by where it is mounted; empty where it cannot be looked at. */
    Optional<Volume> of(Path file) {
        Path absolute = AbsolutePath.of(file);
        try {
            FileStore store = store(absolute);
            Path folder = existing(absolute);
            for (Path above = folder; above != null && store(above).equals(store); above = above.getParent()) {
                folder = above;
                if (folders.contains(above)) {
                    break;
                }
            }
            return Optional.of(volume(folder, store));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Volume volume(Path folder, FileStore store) throws IOException {
        return new Volume(folder, store.getUsableSpace(), store.getTotalSpace(), store.isReadOnly());
    }

    private static FileStore store(Path path) throws IOException {
        return Files.getFileStore(existing(path));
    }

    private static Path existing(Path path) {
        Path existing = path;
        while (existing.getParent() != null && Files.notExists(existing)) {
            existing = existing.getParent();
        }
        return existing;
    }
}
