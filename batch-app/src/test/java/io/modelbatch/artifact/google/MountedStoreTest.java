package io.modelbatch.artifact.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.artifact.ObjectStore;
import io.modelbatch.artifact.ObjectStoreContract;
import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.artifact.google.Peers.FakeGcsServer;
import io.modelbatch.artifact.google.Peers.Gcsfuse;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real gcsfuse in front of fake-gcs-server. */
class MountedStoreTest extends ObjectStoreContract {
    @TempDir
    private Path folder;

    private FakeGcsServer server;
    private Gcsfuse mounted;

    @Override
    protected ObjectStore emptyStore() throws Exception {
        server = FakeGcsServer.start().bucket("bucket");
        mounted = Gcsfuse.mount(server.address(), "bucket", folder.resolve("mount"));
        return MountedStore.open("bucket", mounted.mount());
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

    @Test
    void nothingIsWrittenWhereTheMountIsGone() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "content");
        mounted.close();

        assertThatThrownBy(() -> store().put(ObjectUri.parse("gs://bucket/object"), file))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("is not mounted there");
        assertThat(folder.resolve("mount/object")).doesNotExist();
    }
}
