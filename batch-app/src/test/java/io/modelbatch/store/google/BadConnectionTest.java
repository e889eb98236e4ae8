package io.modelbatch.store.google;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.NoCredentials;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.store.Crc32c;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.google.Peers.Toxiproxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cloud Storage over connections that toxiproxy makes slow, cuts short and resets. What arrives is complete, on both ends. */
@Execution(ExecutionMode.CONCURRENT)
class BadConnectionTest {
    private static final ObjectUri OBJECT = ObjectUri.parse("gs://bucket/object");
    private static final String WAY = "storage";

    @TempDir
    private Path folder;

    private StorageServer server;
    private Toxiproxy proxy;
    private ObjectStore near;
    private ObjectStore far;
    private Path file;
    private byte[] content;

    @BeforeEach
    void start() throws Exception {
        proxy = Toxiproxy.start();
        int port = Peers.freePort();
        URI way = URI.create("http://127.0.0.1:" + port);
        server = StorageServer.start(folder.resolve("server")).bucket("bucket").behind(way);
        proxy.proxy(WAY, port, server.address());
        near = store(server.address());
        far = store(way);
        content = new byte[20 << 20];
        new Random(1).nextBytes(content);
        file = Files.write(folder.resolve("file"), content);
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "latency, upstream, \"{'latency': 200, 'jitter': 50}\"",
                "latency, downstream, \"{'latency': 200, 'jitter': 50}\"",
                "bandwidth, upstream, \"{'rate': 8000}\"",
                "slicer, upstream, \"{'average_size': 60000, 'size_variation': 20000, 'delay': 10}\"",
                "limit_data, upstream, \"{'bytes': 9000000}\""
            })
    void anUploadArrives(String toxic, String stream, String attributes) throws IOException {
        proxy.toxic(WAY, toxic, stream, attributes.replace('\'', '"'));

        far.put(OBJECT, file);

        assertArrived();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "latency, downstream, \"{'latency': 200, 'jitter': 50}\"",
                "bandwidth, downstream, \"{'rate': 8000}\"",
                "slicer, downstream, \"{'average_size': 60000, 'size_variation': 20000, 'delay': 10}\"",
                "limit_data, downstream, \"{'bytes': 5000000}\""
            })
    void aDownloadArrives(String toxic, String stream, String attributes) throws IOException {
        near.put(OBJECT, file);
        proxy.toxic(WAY, toxic, stream, attributes.replace('\'', '"'));

        far.download(OBJECT, folder.resolve("copy"));

        assertThat(Crc32c.of(folder.resolve("copy"))).isEqualTo(Crc32c.of(file));
    }

    /** The bandwidth lets the reset hit the middle of the body. */
    @Test
    void anUploadSurvivesAReset() throws Exception {
        proxy.toxic(WAY, "bandwidth", "upstream", "{\"rate\": 6000}");

        interrupted(() -> far.put(OBJECT, file));

        assertArrived();
    }

    @Test
    void aDownloadSurvivesAReset() throws Exception {
        near.put(OBJECT, file);
        proxy.toxic(WAY, "bandwidth", "downstream", "{\"rate\": 6000}");

        interrupted(() -> {
            far.download(OBJECT, folder.resolve("copy"));
            return file;
        });

        assertThat(Crc32c.of(folder.resolve("copy"))).isEqualTo(Crc32c.of(file));
    }

    /** All connections are reset a second after it began, and for a second. */
    private void interrupted(java.util.concurrent.Callable<?> transfer) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> result = thread.submit(transfer);
            Thread.sleep(1_000);
            assertThat(result).as("it continues when the connection is reset").isNotDone();
            proxy.toxic(WAY, "reset_peer", "upstream", "{\"timeout\": 0}");
            Thread.sleep(1_000);
            proxy.cure(WAY, "reset_peer");
            result.get(2, TimeUnit.MINUTES);
        } finally {
            thread.shutdownNow();
        }
    }

    private void assertArrived() throws IOException {
        assertThat(near.find(OBJECT)).hasValueSatisfying(there -> {
            assertThat(there.bytes()).isEqualTo(content.length);
            assertThat(there.crc32c()).isEqualTo(Crc32c.of(content));
        });
    }

    private static ObjectStore store(URI address) {
        return ObjectStores.retrying(CloudStorageStore.open(
                new GoogleProject("project", NoCredentials.getInstance()), Optional.of(address)));
    }
}
