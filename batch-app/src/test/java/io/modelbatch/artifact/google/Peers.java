package io.modelbatch.artifact.google;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs that nobody here wrote, where {@code src/test/peers/install} put them: {@code MODELBATCH_PEERS}. */
public final class Peers {
    private static final Path FOLDER = Optional.ofNullable(System.getenv("MODELBATCH_PEERS"))
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".cache", "modelbatch", "peers"));
    private static final int TRIES = 100;
    private static final int TRY_MILLIS = 100;

    private Peers() {}

    /** A program that a test starts and ends. */
    public interface Peer extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /** A server of the API of Cloud Storage with its address. */
    public record FakeGcsServer(Process process, URI address) implements Peer {
        /** Starts it, or skips the test where it is not installed. */
        public static FakeGcsServer start() throws IOException, InterruptedException {
            int port = freePort();
            String address = "http://127.0.0.1:" + port;
            Process process = new ProcessBuilder(
                            binary("fake-gcs-server"),
                            "-scheme=http",
                            "-host=127.0.0.1",
                            "-port=" + port,
                            "-backend=memory",
                            "-public-host=127.0.0.1:" + port,
                            "-external-url=" + address)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            FakeGcsServer server = new FakeGcsServer(process, URI.create(address));
            await(() -> server.call("GET", "/storage/v1/b?project=p", "") == 200, "fake-gcs-server does not answer");
            return server;
        }

        /** Makes a bucket. */
        public FakeGcsServer bucket(String name) throws IOException {
            call("POST", "/storage/v1/b?project=p", "{\"name\":\"" + name + "\"}");
            return this;
        }

        private int call(String method, String path, String body) throws IOException {
            try {
                return HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(address.resolve(path))
                                        .method(method, BodyPublishers.ofString(body))
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** A bucket mounted by gcsfuse. */
    public record Gcsfuse(Process process, Path mount) implements Peer {
        /** Mounts it, or skips the test where gcsfuse is not installed or nothing can be mounted. */
        public static Gcsfuse mount(URI server, String bucket, Path folder) throws IOException, InterruptedException {
            String gcsfuse = binary("gcsfuse");
            assumeTrue(Files.exists(Path.of("/dev/fuse")), "gcsfuse needs /dev/fuse");
            Files.createDirectories(folder);
            Process process = new ProcessBuilder(
                            gcsfuse,
                            "--foreground",
                            "--log-severity=error",
                            "--enable-hns=false",
                            "--anonymous-access",
                            "--implicit-dirs",
                            "--custom-endpoint=" + server + "/storage/v1/",
                            bucket,
                            folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            await(
                    () -> !Files.getFileStore(folder).equals(Files.getFileStore(folder.getParent())),
                    "gcsfuse does not mount; is fuse3 installed?");
            return new Gcsfuse(process, folder);
        }

        @Override
        public void close() throws IOException {
            try {
                new ProcessBuilder("umount", "--lazy", mount.toString()).start().waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            process.destroyForcibly();
        }
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException;
    }

    private static String binary(String name) {
        Path binary = FOLDER.resolve(name);
        assumeTrue(Files.isExecutable(binary), name + " is not installed; batch-app/src/test/peers/install " + FOLDER);
        return binary.toString();
    }

    private static void await(Condition condition, String otherwise) throws InterruptedException {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (IOException notYet) {
                // It is starting.
            }
            Thread.sleep(TRY_MILLIS);
        }
        throw new IllegalStateException(otherwise);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
