package io.modelbatch.store.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts that need no mount. With mounts: {@link GcsfuseTest}, {@link RcloneMountTest}. */
class MountedStoreTest {
    @TempDir
    private Path folder;

    @Test
    void aFolderOfThisMachineIsRefused() {
        assertThatThrownBy(() -> MountedStore.open("bucket", folder))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContainingAll(
                        folder.toString(),
                        "'bucket' is not mounted there",
                        "gcsfuse --implicit-dirs --metadata-cache-ttl-secs=60 bucket " + folder);
    }

    /** As the empty folder of a pod, or a disk: what is written there never leaves the machine. */
    @Test
    void aMountThatIsNoBucketIsRefused() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(
                Files.isDirectory(memory) && Files.getFileStore(memory).type().equals("tmpfs"), "no /dev/shm");

        assertThatThrownBy(() -> MountedStore.open("bucket", memory))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContainingAll("/dev/shm", "'bucket' cannot be used there", "'tmpfs'", "gcsfuse");
    }

    @Test
    void aFolderThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> MountedStore.open("bucket", folder.resolve("nothing")))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContainingAll(folder + "/nothing", "does not exist");
    }

    @Test
    void whatBreaksOffLeavesNoPart() throws IOException {
        Path file = folder.resolve("file");
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[3 << 20]), new BrokenStream());

        assertThatThrownBy(() -> MountedStore.write(broken, file)).hasMessage("the disk fails");

        assertThat(file).doesNotExist();
    }

    @Test
    void whatIsThereStaysAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "content");

        assertThatThrownBy(() -> MountedStore.write(new BrokenStream(), file))
                .isInstanceOf(FileAlreadyExistsException.class);

        assertThat(file).hasContent("content");
    }

    private static final class BrokenStream extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the disk fails");
        }
    }
}
