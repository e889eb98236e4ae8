package io.modelbatch.launch;

import io.modelbatch.base.DiskFailure;
import io.modelbatch.base.Volumes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folders of the local environment. Rows, answers, logs and the job repository are for their owner alone, whatever the umask is;
 * the warehouse holds tables that the user put there, and has the mode that the user gave it.
 *
 * @param home the folder that holds them, absolute
 * @param access users that may read and write them
 */
public record LocalFolders(Path home, Access access) {
    /** The users who may read and write the folders. */
    public enum Access {
        OWNER("rwx------"),
        /** The owner's group too, as far as the umask lets it. */
        GROUP("rwxrwx---");

        private final String mode;

        Access(String mode) {
            this.mode = mode;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The tables. */
    public Path warehouse() {
        return home.resolve("warehouse");
    }

    /** The buckets, a folder each. */
    public Path buckets() {
        return home.resolve("buckets");
    }

    /** The rows of each run, as its query found them. */
    public Path pinned() {
        return home.resolve("pinned");
    }

    /** Copies of models, and what is made of them. */
    public Path cache() {
        return home.resolve("cache");
    }

    /** The files of programs that runs started. */
    public Path workspaces() {
        return home.resolve("workspaces");
    }

    /** The logs. */
    public Path logs() {
        return home.resolve("logs");
    }

    /** The job repository's files. */
    public Path repository() {
        return home.resolve("repository");
    }

    /** The volumes that a process with these folders writes to: theirs, and that of temporary files. */
    public Volumes volumes() {
        return new Volumes(Stream.concat(
                        Stream.of(home, repository(), cache(), pinned(), buckets(), warehouse(), logs(), workspaces()),
                        Stream.of(Path.of(System.getProperty("java.io.tmpdir"))))
                .toList());
    }

    /** Says for a person which volume a failure is about, and what to do; empty when it is about something else. */
    public Optional<String> diskFailure(Throwable failure) {
        return DiskFailure.of(failure).map(disk -> disk.words(volumes()));
    }

    /** Makes those that are missing, but for the job repository's, and closes those that an older version left open. */
    public void make() {
        try {
            Files.createDirectories(home);
            for (Path folder : List.of(buckets(), pinned(), cache(), workspaces(), logs())) {
                make(folder);
                close(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the job repository's, where it is a file, or closes it. */
    public void makeRepository() throws IOException {
        Files.createDirectories(home);
        make(repository());
        close(repository());
    }

    /** Makes the folder of the buckets where it is missing, and nothing else is in its place. */
    public void makeBuckets() throws IOException {
        if (Files.isDirectory(home) || Files.notExists(home)) {
            Files.createDirectories(home);
            make(buckets());
        }
    }

    /** Makes an empty file as the folders are; one that is there is replaced. */
    public Path makeFile(Path file) throws IOException {
        Files.deleteIfExists(file);
        return hasModes(home) ? Files.createFile(file, modes(access.mode.replace('x', '-'))) : Files.createFile(file);
    }

    private void make(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path place = Files.isSymbolicLink(folder) ? target(folder) : folder;
        try {
            if (hasModes(home)) {
                Files.createDirectory(place, modes(access.mode));
            } else {
                Files.createDirectory(place);
            }
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /** The folder that a link stands for, in a folder that is there: a worker may come before the run whose folders it shares. */
    private static Path target(Path link) throws IOException {
        Path target = link.resolveSibling(Files.readSymbolicLink(link));
        Path parent = target.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw new NoSuchFileException(
                    link.toString(),
                    target.toString(),
                    "it is a link, and " + parent
                            + " is not there; make that folder, mount its volume, or remove the link");
        }
        return target;
    }

    /** Takes away what others may do, where this user is the owner and the volume has modes to change. */
    private void close(Path folder) throws IOException {
        if (!hasModes(folder)) {
            return;
        }
        Set<PosixFilePermission> now = Files.getPosixFilePermissions(folder);
        Set<PosixFilePermission> wanted = new HashSet<>(now);
        wanted.retainAll(PosixFilePermissions.fromString(access.mode));
        if (wanted.equals(now)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(folder, wanted);
        } catch (FileSystemException e) {
            // As in a volume that a cluster mounts: who may read it was decided there.
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> modes(String modes) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(modes));
    }

    private static boolean hasModes(Path folder) {
        return Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null;
    }
}
