package io.modelbatch.store.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.cloud.NoCredentials;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.store.Crc32c;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStoreContract;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.google.Peers.FakeGcsServer;
import io.modelbatch.store.google.Peers.Mount;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket of fake-gcs-server, mounted by a program that nobody here wrote. */
abstract class MountedStoreContract extends ObjectStoreContract {
    private static final ObjectUri OBJECT = ObjectUri.parse("gs://bucket/folder/object");
    private static final int TRIES = 300;
    private static final int TRY_MILLIS = 100;

    @TempDir
    private Path folder;

    private FakeGcsServer server;
    private Mount mounted;

    /** Mounts a bucket of a server. */
    abstract Mount mount(URI server, String bucket, Path folder) throws Exception;

    @Override
    protected ObjectStore emptyStore() throws Exception {
        server = FakeGcsServer.start().bucket("bucket");
        mounted = mount(server.address(), "bucket", folder.resolve("mount"));
        return MountedStore.open("bucket", mounted.folder());
    }

    @AfterEach
    void stop() throws IOException {
        if (mounted != null) {
            mounted.close();
        }
        if (server != null) {
            server.close();
        }
    }

    /** The server as it is seen past every mount. */
    ObjectStore byApi() {
        return CloudStorageStore.open(
                new GoogleProject("project", NoCredentials.getInstance()), Optional.of(server.address()));
    }

    /** Another mount of the same bucket, as on another machine. */
    Mount mountAgain() throws Exception {
        return mount(server.address(), "bucket", second());
    }

    URI server() {
        return server.address();
    }

    /** The folder of another mount. */
    Path second() {
        return folder.resolve("second");
    }

    /** A new file. */
    Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void whatWasPutIsInTheBucket() throws IOException {
        byte[] content = new byte[(20 << 20) + 1];
        new Random(1).nextBytes(content);
        Path file = Files.write(folder.resolve("large"), content);

        store().put(OBJECT, file);

        assertThat(byApi().find(OBJECT)).hasValueSatisfying(there -> {
            assertThat(there.bytes()).isEqualTo(content.length);
            assertThat(there.crc32c()).isEqualTo(Crc32c.of(content));
        });
    }

    @Test
    void whatTheApiWroteIsRead() throws Exception {
        byApi().put(OBJECT, file("file", "content"));
        // A mount remembers for a while what it saw.
        await(() -> store().find(OBJECT).isPresent());

        store().download(OBJECT, folder.resolve("copy"));

        assertThat(folder.resolve("copy")).hasContent("content");
    }

    @Test
    void aFolderInAMountIsMounted() throws IOException {
        ObjectUri inner = ObjectUri.parse("gs://inner/object");
        Path sub = Files.createDirectories(mounted.folder().resolve("sub"));

        MountedStore.open("inner", sub).put(inner, file("file", "content"));

        assertThat(byApi().read(ObjectUri.parse("gs://bucket/sub/object")))
                .asString()
                .isEqualTo("content");
    }

    /** As the CSI driver hands a mount to a container. */
    @Test
    void aMountThatIsBoundToAnotherFolderIsMounted() throws Exception {
        Path bound = Files.createDirectories(folder.resolve("bound"));
        assumeTrue(
                run("mount", "--bind", mounted.folder().toString(), bound.toString()) == 0,
                "only root can bind a mount");
        try {
            MountedStore.open("bucket", bound).put(OBJECT, file("file", "content"));

            assertThat(byApi().read(OBJECT)).asString().isEqualTo("content");
        } finally {
            run("umount", "--lazy", bound.toString());
        }
    }

    @Test
    void nothingIsWrittenWhereTheMountIsGone() throws Exception {
        Path file = file("file", "content");
        mounted.close();

        assertThatThrownBy(() -> store().put(OBJECT, file))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("is not mounted there");
        assertThat(folder.resolve("mount/folder/object")).doesNotExist();
        assertThatThrownBy(() -> store().find(OBJECT)).hasMessageContaining("is not mounted there");
        assertThatThrownBy(() -> store().list(OBJECT)).hasMessageContaining("is not mounted there");
    }

    @Test
    void aMountThatDiedIsNamedWithTheWayOut() throws Exception {
        Path file = file("file", "content");
        mounted.process().destroyForcibly().waitFor();

        assertThatThrownBy(() -> store().put(OBJECT, file))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContainingAll(mounted.folder().toString(), "umount");
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        for (int attempt = 0; !condition.call() && attempt < TRIES; attempt++) {
            Thread.sleep(TRY_MILLIS);
        }
        assertThat(condition.call()).isTrue();
    }

    static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
