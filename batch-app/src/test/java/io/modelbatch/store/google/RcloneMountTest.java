package io.modelbatch.store.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.google.Peers.Mount;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

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

    /** The new one has the device number of the old one. */
    @Test
    void aMountThatIsReplacedByOneWithACacheIsRefused() throws Exception {
        MountedStore store;
        try (Mount direct = second(List.of())) {
            store = MountedStore.open("bucket", direct.folder());
            put(store, "first");
        }
        try (Mount direct = second(List.of())) {
            put(store, "second");
        }
        try (Mount cached = second(List.of("--vfs-cache-mode=writes"))) {
            assertThatThrownBy(() -> put(store, "third"))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContainingAll(cached.folder().toString(), "--vfs-cache-mode off");
        }
        assertThat(byApi().list(ObjectUri.parse("gs://bucket/")))
                .extracting(object -> object.uri().fileName())
                .containsExactly("first", "second");
    }

    /** rclone closes an empty file without a word, whether its object could be stored or not. */
    @Test
    void anEmptyObjectThatCouldNotBeStoredIsTold(@TempDir Path other) throws Exception {
        Path source = Files.createDirectory(other.resolve("source"));
        try (Mount mount = Mount.rclone(source, other.resolve("mount"))) {
            MountedStore store = MountedStore.open("bucket", mount.folder());
            Path empty = Files.createFile(other.resolve("empty"));
            store.put(ObjectUri.parse("gs://bucket/before"), empty);
            assertThat(source.resolve("before")).isEmptyFile();

            FileSystemUtils.deleteRecursively(source);
            Files.createFile(source);

            assertThatThrownBy(() -> store.put(ObjectUri.parse("gs://bucket/lost"), empty))
                    .isInstanceOf(IOException.class);
        }
    }

    private static void put(MountedStore store, String name) throws Exception {
        Path file = Files.writeString(Files.createTempFile(name, ".txt"), name);
        store.put(ObjectUri.parse("gs://bucket/" + name), file);
        Files.delete(file);
    }

    private Mount second(List<String> options) throws Exception {
        return Mount.rclone(server(), "bucket", second(), options.toArray(String[]::new));
    }
}
