package io.modelbatch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * The temporary files of this process, in one folder of its own: libraries unpacked by others among them, tens of megabytes that a
 * killed process could not delete. So each process deletes the folders of those that are gone; a lock, which ends with its
 * process, tells which these are.
 */
final class ScratchFolder implements AutoCloseable {
    private static final String TEMPORARY = "java.io.tmpdir";
    private static final String PREFIX = "modelbatch-";
    private static final String LOCK = "lock";

    private final Path folder;
    private final FileChannel lock;

    private ScratchFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Makes a folder for this process below the system's one. To be called before anything asks for a temporary file. */
    static ScratchFolder claim() throws IOException {
        Path parent = Path.of(System.getProperty(TEMPORARY));
        removeAbandoned(parent);
        ScratchFolder scratch = create(parent);
        while (Files.notExists(scratch.folder)) { // another process took it for abandoned before it was locked
            scratch = create(parent);
        }
        System.setProperty(TEMPORARY, scratch.folder.toString());
        return scratch;
    }

    private static ScratchFolder create(Path parent) throws IOException {
        Path folder = parent.resolve(PREFIX + ProcessHandle.current().pid() + "-" + System.nanoTime());
        Files.createDirectory(folder);
        FileChannel lock =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        return new ScratchFolder(folder, lock);
    }

    @Override
    public void close() throws IOException {
        lock.close();
        FileSystemUtils.deleteRecursively(folder);
    }

    private static void removeAbandoned(Path parent) throws IOException {
        List<Path> folders;
        try (Stream<Path> found = Files.list(parent)) {
            folders = found.filter(path -> path.getFileName().toString().startsWith(PREFIX))
                    .filter(path -> Files.isRegularFile(path.resolve(LOCK)))
                    .toList();
        }
        for (Path folder : folders) {
            try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                    FileLock free = channel.tryLock()) {
                if (free != null) {
                    FileSystemUtils.deleteRecursively(folder);
                }
            } catch (FileSystemException anothersOrGone) {
                continue; // somebody else's folder, or one that somebody else just deleted
            }
        }
    }
}
