package io.modelbatch.artifact.google;

import io.modelbatch.artifact.Crc32c;
import io.modelbatch.artifact.ObjectExistsException;
import io.modelbatch.artifact.ObjectStore;
import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.artifact.StoredObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A bucket that is mounted as a folder, by gcsfuse, its CSI driver, or rclone.
 *
 * <p>A mount is no file system: an object comes to be when its file is closed, and of two writers of one name the second learns of the
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

    private final String bucket;
    private final Path mount;

    private MountedStore(String bucket, Path mount) {
        this.bucket = bucket;
        this.mount = mount;
    }

    /**
     * Opens a bucket.
     *
     * @param mount where it is mounted
     * @throws FileSystemException when nothing is mounted there
     */
    public static MountedStore open(String bucket, Path mount) throws IOException {
        MountedStore store = new MountedStore(bucket, mount.toAbsolutePath().normalize());
        store.verifyMounted();
        return store;
    }

    @Override
    public StoredObject put(ObjectUri uri, Path file) throws IOException {
        verifyMounted();
        String crc32c = Crc32c.of(file);
        try {
            write(uri, file, StandardOpenOption.CREATE_NEW);
            return new StoredObject(uri, Files.size(file), crc32c, 0);
        } catch (IOException e) {
            if (!isTaken(e)) {
                throw e;
            }
        }
        return find(uri)
                .filter(there -> there.crc32c().equals(crc32c))
                .orElseThrow(() -> new ObjectExistsException(uri, "is there already, with other content"));
    }

    @Override
    public StoredObject replace(ObjectUri uri, byte[] content, Optional<StoredObject> expected) throws IOException {
        verifyMounted();
        synchronized (REPLACING) {
            if (!find(uri).equals(expected)) {
                throw changed(uri);
            }
            Path path = path(uri);
            OpenOption option =
                    expected.isPresent() ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.CREATE_NEW;
            Files.createDirectories(path.getParent());
            try {
                Files.write(path, content, option, StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw isTaken(e) ? changed(uri) : e;
            }
            return new StoredObject(uri, content.length, Crc32c.of(content), 0);
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
            }
        }
        return objects;
    }

    @Override
    public byte[] read(ObjectUri uri) throws IOException {
        return Files.readAllBytes(existing(uri));
    }

    @Override
    public void download(ObjectUri uri, Path file) throws IOException {
        Files.copy(existing(uri), file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(ObjectUri uri) throws IOException {
        Files.deleteIfExists(path(uri));
    }

    @Override
    public String location(ObjectUri uri) {
        return uri.toString();
    }

    private void write(ObjectUri uri, Path file, OpenOption option) throws IOException {
        Path path = path(uri);
        Files.createDirectories(path.getParent());
        try (OutputStream to = Files.newOutputStream(path, option, StandardOpenOption.WRITE)) {
            Files.copy(file, to);
        }
    }

    private static boolean isTaken(IOException failure) {
        return failure instanceof FileAlreadyExistsException
                || String.valueOf(failure.getMessage())
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains(STALE);
    }

    private static ObjectExistsException changed(ObjectUri uri) {
        return new ObjectExistsException(uri, "was changed by somebody else in the meantime");
    }

    /** The content is all that a mount tells of a generation: times of files are its own invention. */
    private static StoredObject describe(ObjectUri uri, Path path) throws IOException {
        return new StoredObject(uri, Files.size(path), Crc32c.of(path), 0);
    }

    private Path existing(ObjectUri uri) throws NoSuchFileException {
        Path path = path(uri);
        if (!Files.isRegularFile(path)) {
            throw CloudStorageStore.missing(uri);
        }
        return path;
    }

    /** Where the mount is gone, its folder is left, and would take the files. */
    private void verifyMounted() throws IOException {
        if (!Files.isDirectory(mount)) {
            throw new NotDirectoryException(mount.toString());
        }
        if (Files.getFileStore(mount).equals(Files.getFileStore(mount.resolveSibling(".")))) {
            throw new FileSystemException(
                    mount.toString(),
                    null,
                    "the bucket '" + bucket + "' is not mounted there; gcsfuse " + bucket + " " + mount);
        }
    }

    private Path path(ObjectUri uri) {
        return mount.resolve(uri.name());
    }
}
