package io.modelbatch.launch;

import io.modelbatch.base.DiskFailure;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A file beside the job repository's that keeps room on the volume. When the volume is full it is deleted, so that the repository can be
 * opened, a failed run can be recorded with its cause, and the command that resumes it can be looked up. The next run makes it again.
 */
public final class RepositoryReserve {
    /** A run's last words need some 100 kB, and H2 rewrites some of its file when it is closed. */
    private static final int BYTES = 2 << 20;

    private static final String NAME = "reserve";

    private final LocalFolders folders;

    /** Beside the file of the job repository. */
    public RepositoryReserve(LocalFolders folders) {
        this.folders = folders;
    }

    /** Before the file of the job repository is opened, which takes room: gives the reserve up where there is none. */
    public void prepare() throws IOException {
        if (Files.getFileStore(folders.repository()).getUsableSpace() < BYTES / 2) {
            release();
        }
    }

    /**
     * Makes it where it is missing.
     *
     * @throws IOException when there is no room for it, so that a run would not get far either
     */
    void keep() throws IOException {
        if (Files.exists(file()) && Files.size(file()) == BYTES) {
            return;
        }
        try {
            byte[] content = new byte[BYTES];
            new Random(0).nextBytes(content); // a file system may compress, or keep no room for zeros
            Files.write(folders.makeFile(file()), content);
        } catch (IOException e) {
            release();
            throw DiskFailure.of(e).isPresent() ? new FileSystemException(file().toString(), null, e.getMessage()) : e;
        }
    }

    /** Gives the room free. */
    void release() throws IOException {
        Files.deleteIfExists(file());
    }

    private Path file() {
        return folders.repository().resolve(NAME);
    }
}
