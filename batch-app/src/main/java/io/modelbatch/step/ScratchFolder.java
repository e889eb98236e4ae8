package io.modelbatch.step;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * The temporary files of this process, in one folder of its own. A killed process cannot delete its files, and a training's are as
 * large as the model; so each process deletes the folders of those that are gone. A lock, which ends with its process, tells
 * which these are.
 */
public final class ScratchFolder implements AutoCloseable {
    private static final String PREFIX = "modelbatch-";
    private static final String LOCK = "lock";

    /** The locks of this process. It must not open them again: to close one of its channels ends the lock of all, as POSIX has it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel lock;

    private ScratchFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Makes a folder for this process below one that several share. */
    static ScratchFolder claim(Path parent) throws IOException {
        Path real = parent.toRealPath();
        removeAbandoned(real);
        ScratchFolder scratch = create(real);
        while (Files.notExists(scratch.folder)) { // another process took it for abandoned before it was locked
            scratch = create(real);
        }
        return scratch;
    }

    /** A new folder in it. */
    public Path folder(String prefix) throws IOException {
        return Files.createTempDirectory(folder, prefix);
    }

    @Override
    public void close() throws IOException {
        lock.close();
        OWN.remove(folder.resolve(LOCK));
        FileSystemUtils.deleteRecursively(folder);
    }

    private static ScratchFolder create(Path parent) throws IOException {
        Path folder = Files.createTempDirectory(parent, PREFIX);
        OWN.add(folder.resolve(LOCK));
        FileChannel lock =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        return new ScratchFolder(folder, lock);
    }

    private static void removeAbandoned(Path parent) throws IOException {
        List<Path> folders;
        try (Stream<Path> found = Files.list(parent)) {
            folders = found.filter(path -> path.getFileName().toString().startsWith(PREFIX))
                    .filter(path -> !OWN.contains(path.resolve(LOCK)))
                    .filter(path -> Files.isRegularFile(path.resolve(LOCK)))
                    .toList();
        }
        for (Path folder : folders) {
            try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                    FileLock free = channel.tryLock()) {
                if (free != null) {
                    FileSystemUtils.deleteRecursively(folder);
                }
            } catch (FileSystemException | OverlappingFileLockException anothersOrGone) {
                // Somebody else's folder, or one that somebody else just deleted.
            }
        }
    }
}
