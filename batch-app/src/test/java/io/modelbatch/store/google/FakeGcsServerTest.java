package io.modelbatch.store.google;

import com.google.cloud.NoCredentials;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStoreContract;
import io.modelbatch.store.google.Peers.FakeGcsServer;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Against a server of the API that nobody here wrote. */
class FakeGcsServerTest extends ObjectStoreContract {
    private static FakeGcsServer server;

    @BeforeAll
    static void start() throws Exception {
        server = FakeGcsServer.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected ObjectStore emptyStore() throws Exception {
        server.close();
        server = FakeGcsServer.start().bucket("bucket");
        return CloudStorageStore.open(
                new GoogleProject("project", NoCredentials.getInstance()), Optional.of(server.address()));
    }
}
