package io.modelbatch;

import io.modelbatch.base.AtomicFile;
import io.modelbatch.launch.LocalFolders;
import io.modelbatch.launch.RepositoryReserve;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * The job repository as a file of H2. The process that opens it first serves it to the others of this machine, through a port. H2 lets
 * whoever knows the password read and write files as this user, so each repository has a password of its own, which only its owner can read.
 */
final class H2Repository implements JdbcConnectionDetails {
    private static final String USER = "sa";
    private static final int PASSWORD_BYTES = 32;

    /**
     * WRITE_DELAY: a commit that was reported is on its way to the disk, also when the process is killed the moment after. NETWORK_TIMEOUT: a
     * process that serves the file and was stopped answers nothing, for ever; an answer takes no longer than LOCK_TIMEOUT and a second.
     * TRACE_LEVEL_FILE: errors are thrown too, and where the file of traces cannot be written H2 prints them to the terminal.
     */
    private static final String SETTINGS =
            ";AUTO_SERVER=TRUE;WRITE_DELAY=0;LOCK_TIMEOUT=10000;NETWORK_TIMEOUT=15000;TRACE_LEVEL_FILE=0";

    /** On a volume that is mounted for reading, or by a user who may only read: such a process cannot serve the file to others. */
    private static final String READ_ONLY = ";ACCESS_MODE_DATA=r";

    private final LocalFolders folders;

    H2Repository(LocalFolders folders) {
        this.folders = folders;
    }

    @Override
    public String getJdbcUrl() {
        return H2Driver.PREFIX + folders.repository().resolve("modelbatch") + (isReadOnly() ? READ_ONLY : SETTINGS);
    }

    @Override
    public String getUsername() {
        return USER;
    }

    @Override
    public String getPassword() {
        try {
            if (isReadOnly()) {
                return read();
            }
            folders.makeRepository();
            new RepositoryReserve(folders).prepare();
            return Files.exists(passwordFile()) ? read() : make();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String getDriverClassName() {
        return H2Driver.class.getName();
    }

    private boolean isReadOnly() {
        Path file = folders.repository().resolve("modelbatch.mv.db");
        return Files.exists(file) && !Files.isWritable(file);
    }

    private String read() throws IOException {
        return Files.readString(passwordFile(), StandardCharsets.US_ASCII).strip();
    }

    private String make() throws IOException {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        AtomicFile.create(
                passwordFile(),
                file -> Files.writeString(
                        folders.makeFile(file), HexFormat.of().formatHex(bytes) + "\n", StandardCharsets.US_ASCII));
        return read();
    }

    private Path passwordFile() {
        return folders.repository().resolve("password");
    }
}
