package io.modelbatch.artifact.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.artifact.google.Peers.Mount;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RcloneMountTest extends MountedStoreContract {
    @Override
    Mount mount(URI server, String bucket, Path folder) throws Exception {
        return Mount.rclone(server, bucket, folder);
    }

    /** rclone's documentation of --vfs-cache-mode: a file is written to a cache, and uploaded --vfs-write-back after its close. */
    @Test
    void aMountThatUploadsAfterTheCloseIsRefused() throws Exception {
        for (List<String> options : List.of(
                List.of("--vfs-cache-mode=writes"),
                List.of("--vfs-cache-mode=full"),
                List.of("--vfs-cache-mode=writes", "--vfs-write-back=0s"))) {
            try (Mount cached = second(options)) {
                assertThatThrownBy(() -> MountedStore.open("bucket", cached.folder()))
                        .as("%s", options)
                        .isInstanceOf(FileSystemException.class)
                        .hasMessageContainingAll(
                                cached.folder().toString(), "'bucket' cannot be used there", "--vfs-cache-mode off");
            }
        }
    }

    @Test
    void aMountThatHoldsNothingBackIsTakenAndLeftAsItWas() throws Exception {
        for (String option : List.of("--vfs-cache-mode=off", "--vfs-cache-mode=minimal", "--read-only")) {
            try (Mount direct = second(List.of(option))) {
                MountedStore.open("bucket", direct.folder());

                assertThat(byApi().list(ObjectUri.parse("gs://bucket/")))
                        .as(option)
                        .isEmpty();
            }
        }
    }

    private Mount second(List<String> options) throws Exception {
        return Mount.rclone(server(), "bucket", second(), options.toArray(String[]::new));
    }
}
