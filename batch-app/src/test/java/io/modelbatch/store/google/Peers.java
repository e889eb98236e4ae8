package io.modelbatch.store.google;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
            Process process = discarding(
                    binary("fake-gcs-server"),
                    "-scheme=http",
                    "-host=127.0.0.1",
                    "-port=" + port,
                    "-backend=memory",
                    "-location=EU",
                    "-public-host=127.0.0.1:" + port,
                    "-external-url=" + address);
            FakeGcsServer server = new FakeGcsServer(process, URI.create(address));
            await(
                    () -> call(server.address(), "GET", "/storage/v1/b?project=p", "") == 200,
                    "fake-gcs-server does not answer");
            return server;
        }

        /** Makes a bucket. */
        public FakeGcsServer bucket(String name) throws IOException {
            call(address, "POST", "/storage/v1/b?project=p", "{\"name\":\"" + name + "\"}");
            return this;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** A bucket that is mounted as a folder. */
    public record Mount(Process process, Path folder) implements Peer {
        /** Mounts it by gcsfuse, or skips the test where that is not installed or nothing can be mounted. */
        public static Mount gcsfuse(URI server, String bucket, Path folder) throws IOException, InterruptedException {
            return mount(
                    folder,
                    binary("gcsfuse"),
                    "--foreground",
                    "--log-severity=error",
                    "--enable-hns=false",
                    "--anonymous-access",
                    "--implicit-dirs",
                    "--metadata-cache-ttl-secs=60",
                    "--custom-endpoint=" + server + "/storage/v1/",
                    bucket,
                    folder.toString());
        }

        /** Mounts it by rclone, or skips the test where that is not installed or nothing can be mounted. */
        public static Mount rclone(URI server, String bucket, Path folder, String... options)
                throws IOException, InterruptedException {
            List<String> all = new ArrayList<>(List.of(
                    "--gcs-anonymous",
                    "--gcs-bucket-policy-only",
                    "--gcs-endpoint=" + server + "/storage/v1/",
                    "--dir-cache-time=1s"));
            all.addAll(List.of(options));
            return rclone(":gcs:" + bucket, folder, all);
        }

        /** Mounts a folder of this machine by rclone, which looks at it once. */
        public static Mount rclone(Path source, Path folder) throws IOException, InterruptedException {
            return rclone(":local:" + source, folder, List.of("--dir-cache-time=1h"));
        }

        private static Mount rclone(String source, Path folder, List<String> options)
                throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(List.of(
                    onPath("rclone"),
                    "mount",
                    "--config=",
                    "--allow-non-empty=false",
                    "--cache-dir=" + folder + "-cache"));
            command.addAll(options);
            command.addAll(List.of(source, folder.toString()));
            return mount(folder, command.toArray(String[]::new));
        }

        private static Mount mount(Path folder, String... command) throws IOException, InterruptedException {
            assumeTrue(Files.exists(Path.of("/dev/fuse")), command[0] + " needs /dev/fuse");
            Files.createDirectories(folder);
            Process process = discarding(command);
            await(
                    () -> !Files.getFileStore(folder).equals(Files.getFileStore(folder.getParent())),
                    command[0] + " does not mount; is fuse3 installed?");
            return new Mount(process, folder);
        }

        @Override
        public void close() throws IOException {
            try {
                new ProcessBuilder("umount", "--lazy", folder.toString())
                        .start()
                        .waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            process.destroyForcibly();
        }
    }

    /** A proxy whose connections are as bad as a test wants them. */
    public record Toxiproxy(Process process, URI control) implements Peer {
        /** Starts it, or skips the test where it is not installed. */
        public static Toxiproxy start() throws IOException, InterruptedException {
            int port = freePort();
            URI control = URI.create("http://127.0.0.1:" + port);
            Process process = discarding(binary("toxiproxy-server"), "-host", "127.0.0.1", "-port", "" + port);
            Toxiproxy proxy = new Toxiproxy(process, control);
            await(() -> call(control, "GET", "/version", "") == 200, "toxiproxy does not answer");
            return proxy;
        }

        /** Opens a way to a server on this machine. */
        public Toxiproxy proxy(String name, int port, URI upstream) throws IOException {
            return post("/proxies", """
                    {"name": "%s", "listen": "127.0.0.1:%d", "upstream": "%s", "enabled": true}
                    """.formatted(name, port, upstream.getAuthority()));
        }

        /**
         * Makes the connections bad.
         *
         * @param stream {@code upstream}, to the server, or {@code downstream}, from it
         * @param attributes JSON
         */
        public Toxiproxy toxic(String proxy, String type, String stream, String attributes) throws IOException {
            return post("/proxies/" + proxy + "/toxics", """
                    {"name": "%s", "type": "%s", "stream": "%s", "toxicity": 1, "attributes": %s}
                    """.formatted(type, type, stream, attributes));
        }

        /** Makes them better again. */
        public void cure(String proxy, String toxic) throws IOException {
            call(control, "DELETE", "/proxies/" + proxy + "/toxics/" + toxic, "");
        }

        private Toxiproxy post(String path, String body) throws IOException {
            int status = call(control, "POST", path, body);
            if (status >= 300) {
                throw new IOException("toxiproxy answers " + path + " with " + status);
            }
            return this;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** A proxy that hands a connection of PostgreSQL to another client after each transaction. */
    public record PgBouncer(Process process, int port) implements Peer {
        private static final List<String> PLACES = List.of("/usr/sbin", "/usr/bin");

        /** Starts it before a server on this machine, or skips the test where it is not installed. */
        public static PgBouncer start(Path folder, int server) throws IOException, InterruptedException {
            int port = freePort();
            String binary = PLACES.stream()
                    .map(place -> place + "/pgbouncer")
                    .filter(path -> Files.isExecutable(Path.of(path)))
                    .findFirst()
                    .orElseGet(() -> onPath("pgbouncer"));
            Path settings = Files.writeString(folder.resolve("pgbouncer.ini"), """
                    [databases]
                    * = host=127.0.0.1 port=%d user=postgres password=postgres
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = any
                    pool_mode = transaction
                    default_pool_size = 3
                    """.formatted(server, port));
            // It refuses to run as root, and then needs a file that another user can read.
            Files.setPosixFilePermissions(settings.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
            boolean isRoot = System.getProperty("user.name").equals("root");
            Process process = isRoot
                    ? discarding(binary, "--user=nobody", settings.toString())
                    : discarding(binary, settings.toString());
            PgBouncer proxy = new PgBouncer(process, port);
            await(proxy::answers, "pgbouncer does not listen");
            return proxy;
        }

        private boolean answers() throws IOException {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return socket.isConnected();
            }
        }

        @Override
        public void close() {
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

    private static String onPath(String name) {
        Path found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of(name));
        assumeTrue(Files.isExecutable(found), name + " is not installed; batch-app/src/test/peers/install " + FOLDER);
        return found.toString();
    }

    private static Process discarding(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int call(URI server, String method, String path, String body) throws IOException {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(server.resolve(path))
                                    .method(method, BodyPublishers.ofString(body))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
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

    /** A port that nobody listens at. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
