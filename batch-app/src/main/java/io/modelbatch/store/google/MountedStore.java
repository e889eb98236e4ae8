package io.modelbatch.store.google;

import io.modelbatch.base.AbsolutePath;
import io.modelbatch.store.Crc32c;
import io.modelbatch.store.FileSizes;
import io.modelbatch.store.ObjectExistsException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A bucket that is mounted as a folder, by gcsfuse, its CSI driver, or rclone without its write cache.
 *
 * <p>A mount is not a file system: an object comes to be when its file is closed, and of two writers of one name the second learns of the
 * first at its close ("Stale file handle"). So a file is written once, from its beginning to its end, under its final name, and a failed
 * close is a failed write. Nothing is renamed, appended to, linked or locked.
 *
 * <p>A writer that is killed leaves a part of its file under the final name. It is never part of a result, which lists each object with
 * its length and checksum; a later write of that name is refused, as one onto any other content.
 *
 * <p>A pointer is replaced by who saw it as far as a mount can tell: two machines that replace one in the same moment may both succeed,
 * where the API lets only one.
 */
public final class MountedStore implements ObjectStore {
    private static final String STALE = "stale file handle";

    /** There is nothing to lock in a mount; within a process this does. */
    private static final Object REPLACING = new Object();

    private static final int WRITE_BYTES = 1 << 20;

    private static final String RCLONE = "fuse.rclone";

    /** Of these programs an object is stored when its file is closed: gcsfuse, its CSI driver, rclone without a cache. */
    private static final Set<String> PROGRAMS = Set.of("fuse.gcsfuse", "fuse", RCLONE);

    /** The file system types that a sandbox (gVisor, Kata) shows for a mount of a program outside. */
    private static final Set<String> SANDBOXES = Set.of("9p", "virtiofs");

    private final String bucket;
    private final Path mount;
    /** When what is mounted there, and has no cache, was mounted. */
    private @Nullable FileTime mounted;

    private MountedStore(String bucket, Path mount) {
        this.bucket = bucket;
        this.mount = mount;
    }

    /**
     * Opens a bucket.
     *
     * @param mount where it is mounted
     * @throws FileSystemException when nothing is mounted there, or by a program that closes a file before the bucket has its object
     */
    public static MountedStore open(String bucket, Path mount) throws IOException {
        MountedStore store = new MountedStore(bucket, AbsolutePath.of(mount));
        store.refuseWriteCache();
        return store;
    }

    /**
     * A mount may be replaced in mid-run, so this is asked before and after a file is written. What is mounted there has the same device
     * number then; the root folder of rclone's has the time at which it was mounted.
     */
    private void refuseWriteCache() throws IOException {
        if (mountedType().equals(RCLONE)) {
            refuseWriteCache(root());
        }
    }

    private synchronized void refuseWriteCache(Path root) throws IOException {
        if (Files.getLastModifiedTime(root).equals(mounted)) {
            return;
        }
        if (WriteCache.isOn(mount)) {
            throw unfit(
                    "rclone keeps files in a cache and uploads them after they are closed. A run would count objects "
                            + "that may never arrive. Mount with --vfs-cache-mode off, which is rclone's default");
        }
        mounted = Files.getLastModifiedTime(root);
    }

    private Path root() throws IOException {
        FileStore there = Files.getFileStore(mount);
        Path root = mount;
        while (root.getParent() != null && Files.getFileStore(root.getParent()).equals(there)) {
            root = root.getParent();
        }
        return root;
    }

    @Override
    public StoredObject put(ObjectUri uri, Path file) throws IOException {
        String crc32c = Crc32c.of(file);
        refuseWriteCache();
        Path path = path(uri);
        Files.createDirectories(path.getParent());
        try (InputStream from = Files.newInputStream(file)) {
            write(from, path);
            refuseWriteCache();
            return new StoredObject(uri, Files.size(file), crc32c, 0);
        } catch (IOException e) {
            if (!isTaken(e)) {
                throw e;
            }
        }
        return find(uri)
                .filter(there -> there.crc32c().equals(crc32c))
                .orElseThrow(() -> new ObjectExistsException(uri, "already exists with different content"));
    }

    @Override
    public StoredObject replace(ObjectUri uri, byte[] content, Optional<StoredObject> expected) throws IOException {
        return replace(uri, () -> new ByteArrayInputStream(content), expected);
    }

    @Override
    public StoredObject replace(ObjectUri uri, Path file, Optional<StoredObject> expected) throws IOException {
        return replace(uri, () -> Files.newInputStream(file), expected);
    }

    @FunctionalInterface
    private interface Content {
        InputStream open() throws IOException;
    }

    private StoredObject replace(ObjectUri uri, Content content, Optional<StoredObject> expected) throws IOException {
        synchronized (REPLACING) {
            // Whether a name is free only its creation tells: a mount remembers for a while that there was nothing.
            if (expected.isPresent() && !find(uri).equals(expected)) {
                throw changed(uri);
            }
            refuseWriteCache();
            Path path = path(uri);
            OpenOption option =
                    expected.isPresent() ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.CREATE_NEW;
            Files.createDirectories(path.getParent());
            CRC32C sent = new CRC32C();
            try (InputStream from = new CheckedInputStream(content.open(), sent);
                    OutputStream to = Files.newOutputStream(path, option, StandardOpenOption.WRITE)) {
                long bytes = copy(from, to);
                to.close();
                refuseLostEmpty(path, bytes);
                refuseWriteCache();
                return new StoredObject(uri, bytes, Crc32c.digits(sent), 0);
            } catch (IOException e) {
                throw isTaken(e) ? changed(uri) : e;
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

    @Override
    public List<StoredObject> list(ObjectUri folder) throws IOException {
        Path path = path(folder);
        List<StoredObject> objects = new ArrayList<>();
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    objects.add(describe(folder.child(path.relativize(file).toString()), file));
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        return objects;
    }

    @Override
    public Map<ObjectUri, Long> sizes(ObjectUri folder) throws IOException {
        Path path = path(folder);
        return Files.isDirectory(path) ? FileSizes.below(path, folder) : Map.of();
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
        CRC32C sent = new CRC32C();
        try (InputStream from = new CheckedInputStream(Files.newInputStream(existing(uri)), sent)) {
            Files.copy(from, file, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Crc32c.of(file).equals(Crc32c.digits(sent))) {
            throw new IOException(file + " differs from " + uri + ": the disk may be full or failing");
        }
    }

    @Override
    public void delete(ObjectUri uri) throws IOException {
        Files.deleteIfExists(path(uri));
    }

    @Override
    public Optional<Path> localPath(ObjectUri uri) {
        return Optional.of(mount.resolve(uri.name()));
    }

    @Override
    public String location(ObjectUri uri) {
        return uri.toString();
    }

    /** Writes a new file from its beginning to its end; {@code path} is complete when this returns. */
    static void write(InputStream from, Path path) throws IOException {
        long bytes;
        try (OutputStream to = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            try {
                bytes = copy(from, to);
            } catch (IOException e) {
                // What was written would refuse the next attempt. Where another writer has the name, closing fails, and
                // its object stays.
                to.close();
                Files.delete(path);
                throw e;
            }
        }
        refuseLostEmpty(path, bytes);
    }

    /** rclone begins to store an empty object when its file is closed, and tells whether that failed to who reads it next. */
    private static void refuseLostEmpty(Path path, long bytes) throws IOException {
        if (bytes == 0) {
            Files.readAllBytes(path);
        }
    }

    private static long copy(InputStream from, OutputStream to) throws IOException {
        long bytes = 0;
        byte[] buffer = new byte[WRITE_BYTES];
        for (int n = from.readNBytes(buffer, 0, WRITE_BYTES); n > 0; n = from.readNBytes(buffer, 0, WRITE_BYTES)) {
            to.write(buffer, 0, n);
            bytes += n;
        }
        return bytes;
    }

    private static boolean isTaken(IOException failure) {
        return failure instanceof FileAlreadyExistsException
                || String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains(STALE);
    }

    private static ObjectExistsException changed(ObjectUri uri) {
        return new ObjectExistsException(uri, "was changed by another process in the meantime");
    }

    /** The content is all that a mount tells of a generation: times of files are its own invention. */
    private static StoredObject describe(ObjectUri uri, Path path) throws IOException {
        return new StoredObject(uri, Files.size(path), Crc32c.of(path), 0);
    }

    private Path existing(ObjectUri uri) throws IOException {
        Path path = path(uri);
        if (!Files.isRegularFile(path)) {
            throw CloudStorageStore.missing(uri);
        }
        return path;
    }

    /** The type of what is mounted. Where the mount is gone, its folder is left, and would take the files. */
    private String mountedType() throws IOException {
        FileStore there;
        try {
            there = Files.getFileStore(mount);
            there.getTotalSpace(); // the kernel remembers what a folder was; this asks the program behind it
        } catch (NoSuchFileException e) {
            throw notMounted("the folder does not exist; make it and mount the bucket");
        } catch (FileSystemException e) {
            // The program behind the mount has ended, and its mount was left.
            throw notMounted(e.getReason() + "; umount " + mount + ", then mount it again");
        }
        String type = there.type().toLowerCase(Locale.ROOT);
        if (PROGRAMS.contains(type)) {
            return type; // a folder inside a mount is as good as its root
        }
        if (there.equals(Files.getFileStore(mount.resolveSibling(".")))) {
            throw notMounted("mount it");
        }
        if (!SANDBOXES.contains(type)) {
            throw unfit(
                    "a file system of type '%s' is mounted there. Only gcsfuse, its CSI driver and rclone are known to "
                                    .formatted(type)
                            + "store an object when its file is closed");
        }
        return type;
    }

    private FileSystemException unfit(String reason) {
        return new FileSystemException(
                mount.toString(), null, "the bucket '%s' cannot be used there: %s".formatted(bucket, reason));
    }

    private FileSystemException notMounted(String wayOut) {
        return new FileSystemException(
                mount.toString(),
                null,
                "the bucket '%s' is not mounted there: %s (gcsfuse --implicit-dirs --metadata-cache-ttl-secs=60 %1$s %s)"
                        .formatted(bucket, wayOut, mount));
    }

    private Path path(ObjectUri uri) throws IOException {
        mountedType();
        return mount.resolve(uri.name());
    }
}
