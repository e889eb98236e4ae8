package io.modelbatch.store.google;

import io.modelbatch.base.DiskFailure;
import io.modelbatch.base.DiskFailure.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Detects the write cache of a mount by rclone.
 *
 * <p>With {@code --vfs-cache-mode writes} or {@code full} it keeps the file on its own disk and uploads it seconds after the close, and a
 * failed upload is told to nobody. Neither the mount's options nor the list of processes tell the mode: it may come from the environment
 * or a remote control, and rclone may run in another container. The file itself tells: only a cache takes bytes out of order.
 */
final class WriteCache {
    private static final byte[] BYTE = {'p'};

    private WriteCache() {}

    /**
     * Writes a file of one byte, tries to leave a gap behind it, and removes it: a second where there is no cache, which is how long
     * rclone waits for the bytes between.
     *
     * @return whether files are closed before they are uploaded
     * @throws IOException when that cannot be told
     */
    static boolean isOn(Path mount) throws IOException {
        Path probe = mount.resolve("modelbatch-mount-" + UUID.randomUUID());
        try (FileChannel file = FileChannel.open(probe, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(BYTE));
            return takesGap(file);
        } catch (AccessDeniedException e) {
            return false; // nothing can be written, so nothing is held back
        } catch (FileSystemException e) {
            if (DiskFailure.of(e)
                    .filter(disk -> disk.reason() == Reason.READ_ONLY)
                    .isPresent()) {
                return false;
            }
            throw e;
        } finally {
            remove(probe);
        }
    }

    private static boolean takesGap(FileChannel file) {
        try {
            file.write(ByteBuffer.wrap(BYTE), 2);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void remove(Path probe) {
        try {
            Files.deleteIfExists(probe);
        } catch (IOException e) {
            // A bucket that keeps its objects for a time keeps this byte as well.
        }
    }
}
