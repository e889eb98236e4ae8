package io.modelbatch.store;

import io.modelbatch.base.AbsolutePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Buckets as folders. A file is written beside the buckets, or inside a bucket that is a volume of its own, flushed to the disk, and then
 * linked to its name: the link fails where the name is taken, and a name never shows a part of its content.
 */
final class FolderStore implements ObjectStore {
    private static final String INCOMING = ".incoming";
    private static final String LOCK = "replace.lock";

    /** The lock file is for other processes: Java refuses it to a second thread of this one instead of letting it wait. */
    private static final Object REPLACING = new Object();

    private static final int PLACINGS = 100;

    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Set<Path> swept = ConcurrentHashMap.newKeySet();
    private final Map<Path, Path> volumes = new ConcurrentHashMap<>();
    private final Path root;

    FolderStore(Path root) {
        this.root = AbsolutePath.of(root);
    }

    @Override
    public StoredObject put(ObjectUri uri, Path file) throws IOException {
        Path path = path(uri);
        Path incoming = newIncoming(path);
        try {
            copy(file, incoming);
            flush(incoming);
            place(path, () -> Files.createLink(path, incoming));
            return describe(uri, path);
        } catch (FileAlreadyExistsException taken) {
            if (!path.toString().equals(taken.getFile())) {
                throw taken; // a file where the object's folder is to be
            }
            return adopt(uri, incoming);
        } finally {
            Files.deleteIfExists(incoming);
        }
    }

    @Override
    public StoredObject replace(ObjectUri uri, byte[] content, Optional<StoredObject> expected) throws IOException {
        return replace(uri, incoming -> Files.write(incoming, content), expected);
    }

    @Override
    public StoredObject replace(ObjectUri uri, Path file, Optional<StoredObject> expected) throws IOException {
        return replace(uri, incoming -> copy(file, incoming), expected);
    }

    @FunctionalInterface
    private interface Content {
        void into(Path incoming) throws IOException;
    }

    private StoredObject replace(ObjectUri uri, Content content, Optional<StoredObject> expected) throws IOException {
        Path incoming = newIncoming(path(uri));
        try {
            content.into(incoming);
            flush(incoming);
            synchronized (REPLACING) {
                return moveIfStill(expected, uri, incoming);
            }
        } finally {
            Files.deleteIfExists(incoming);
        }
    }

    private StoredObject moveIfStill(Optional<StoredObject> expected, ObjectUri uri, Path incoming) throws IOException {
        try (FileChannel lock = lock();
                FileLock held = lock.lock()) {
            if (!find(uri).equals(expected)) {
                throw new ObjectExistsException(uri, "was changed by another process in the meantime");
            }
            Path path = path(uri);
            place(path, () -> Files.move(incoming, path, StandardCopyOption.ATOMIC_MOVE));
            return describe(uri, path);
        }
    }

    @FunctionalInterface
    private interface Placing {
        void run() throws IOException;
    }

    /** Puts a file into its folder, which a {@link #delete} may empty and remove at this moment. */
    private static void place(Path path, Placing placing) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Files.createDirectories(path.getParent());
                placing.run();
                return;
            } catch (NoSuchFileException | FileAlreadyExistsException e) {
                boolean taken = e instanceof FileAlreadyExistsException
                        && path.toString().equals(e.getFile());
                if (taken || attempt == PLACINGS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public Optional<StoredObject> find(ObjectUri uri) throws IOException {
        Path path = path(uri);
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(describe(uri, path))
                : Optional.empty();
    }

    /** Left out, it would be an object that is missing without a word. */
    private static boolean leadsNowhere(Path file) {
        return Files.isSymbolicLink(file) && !Files.exists(file);
    }

    @Override
    public List<StoredObject> list(ObjectUri folder) throws IOException {
        List<StoredObject> objects = new ArrayList<>();
        if (Files.isDirectory(path(folder))) {
            Path path = path(folder).toRealPath(); // a bucket may be a link to another volume
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.filter(file -> Files.isRegularFile(file) || leadsNowhere(file))
                        .filter(file -> !isIncoming(file))
                        .sorted()
                        .toList()) {
                    objects.add(describe(folder.child(path.relativize(file).toString()), file));
                }
            }
        }
        return objects;
    }

    @Override
    public Map<ObjectUri, Long> sizes(ObjectUri folder) throws IOException {
        Path path = path(folder);
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? FileSizes.below(path, folder) : Map.of();
    }

    @Override
    public byte[] beginning(ObjectUri uri, int most) throws IOException {
        try (InputStream in = Files.newInputStream(existing(uri))) {
            return in.readNBytes(most);
        }
    }

    @Override
    public byte[] read(ObjectUri uri) throws IOException {
        return Files.readAllBytes(existing(uri));
    }

    @Override
    public void download(ObjectUri uri, Path file) throws IOException {
        Path source = existing(uri);
        copy(source, file);
        if (!Crc32c.of(file).equals(Crc32c.of(source))) {
            throw new IOException(file + " differs from " + uri + ": the disk may be full or failing");
        }
    }

    @Override
    public void delete(ObjectUri uri) throws IOException {
        Files.deleteIfExists(path(uri));
        removeEmptied(uri.folder());
    }

    /** Buckets have no folders: one goes with its last object. A folder that is a link to another place stays. */
    private void removeEmptied(ObjectUri folder) throws IOException {
        try {
            for (ObjectUri emptied = folder; !emptied.name().isEmpty(); emptied = emptied.folder()) {
                if (!Files.isDirectory(path(emptied), LinkOption.NOFOLLOW_LINKS)) {
                    return;
                }
                Files.delete(path(emptied));
            }
        } catch (DirectoryNotEmptyException | NoSuchFileException inUseOrGone) {
            return;
        }
    }

    @Override
    public Optional<Path> localPath(ObjectUri uri) {
        return Optional.of(path(uri));
    }

    @Override
    public String location(ObjectUri uri) {
        Path path = path(uri);
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    }

    private StoredObject adopt(ObjectUri uri, Path incoming) throws IOException {
        StoredObject there = find(uri).orElseThrow(() -> new ObjectExistsException(uri, "is the name of a folder"));
        if (there.bytes() == Files.size(incoming) && there.crc32c().equals(Crc32c.of(incoming))) {
            return there;
        }
        throw new ObjectExistsException(uri, "already exists with different content");
    }

    private static StoredObject describe(ObjectUri uri, Path path) throws IOException {
        long generation = Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
        return new StoredObject(uri, Files.size(path), Crc32c.of(path), generation);
    }

    private Path existing(ObjectUri uri) throws NoSuchFileException {
        Path path = path(uri);
        if (!Files.isRegularFile(path)) {
            throw new NoSuchFileException(uri.toString(), null, "there is no such object (" + location(uri) + ")");
        }
        return path;
    }

    /** Stays below the root: an {@link ObjectUri} has no {@code ..} part. */
    private Path path(ObjectUri uri) {
        return root.resolve(uri.bucket()).resolve(uri.name());
    }

    /** A file on the volume of its later place: no file can be linked or moved from one volume to another. */
    private Path newIncoming(Path path) throws IOException {
        Path folder = volume(Objects.requireNonNull(path.getParent())).resolve(INCOMING);
        if (swept.add(folder) && Files.isDirectory(folder)) {
            sweep(folder);
        }
        return Files.createTempFile(Files.createDirectories(folder), "object", "");
    }

    /**
     * The outermost folder of the volume that a folder is on: that of all buckets, unless a bucket or a folder in it has its own. Remembered
     * of a folder that is there, for each question reads the list of all mounts, which takes as long as writing a small file.
     */
    private Path volume(Path folder) throws IOException {
        Path known = volumes.get(folder);
        if (known != null) {
            return known;
        }
        Path volume = Files.createDirectories(root);
        FileStore store = Files.getFileStore(volume);
        Path level = root;
        try {
            for (Path name : root.relativize(folder)) {
                level = level.resolve(name);
                FileStore its = Files.getFileStore(level);
                if (!its.equals(store)) {
                    volume = level;
                    store = its;
                }
            }
            volumes.put(folder, volume);
        } catch (NoSuchFileException notThereYet) {
            // What is made there will be on its parent's volume.
        }
        return volume;
    }

    private static boolean isIncoming(Path file) {
        Path folder = file.getParent();
        return folder != null && folder.endsWith(INCOMING);
    }

    /** Of what writers left that were killed; a living one may be at its file for hours. */
    private static void sweep(Path folder) throws IOException {
        Instant old = Instant.now().minus(ABANDONED);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> !file.endsWith(LOCK)).toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException gone) {
            // Another process sweeps too.
            return;
        }
    }

    private FileChannel lock() throws IOException {
        Path folder = Files.createDirectories(root.resolve(INCOMING));
        return FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Copies a file. The copy has the mode of its original, which may be read-only, and must be opened again to be flushed. */
    private static void copy(Path file, Path copy) throws IOException {
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        if (!copy.toFile().setWritable(true)) {
            throw new AccessDeniedException(copy.toString());
        }
    }

    private static void flush(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
