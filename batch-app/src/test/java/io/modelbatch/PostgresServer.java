package io.modelbatch;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** A real PostgreSQL server, which can be stopped and started again with its data. */
public final class PostgresServer implements AutoCloseable {
    private static final List<String> STRICT = List.of(
            "idle_in_transaction_session_timeout = 1000",
            "idle_session_timeout = 1500",
            "lock_timeout = 5000",
            "statement_timeout = 5000",
            "transaction_timeout = 5000",
            "default_transaction_isolation = 'serializable'");

    private final Path data;
    private final int port;
    private final Map<String, String> settings;
    private EmbeddedPostgres server;

    /** Starts with the first test that asks for it, and ends with the process, which removes its data. */
    private static final class Shared {
        static final String URL = start();

        private static String start() {
            try {
                return url(EmbeddedPostgres.builder().start().getPort());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private PostgresServer(Path data, int port, Map<String, String> settings) throws IOException {
        this.data = data;
        this.port = port;
        this.settings = settings;
        this.server = server();
    }

    /**
     * The URL of a new, empty database of a server that the tests of this process share: they neither stop it nor change its settings.
     */
    public static String sharedDatabase() throws SQLException {
        return newDatabase(Shared.URL);
    }

    /** Starts a server of a test's own, with its data in a folder. */
    public static PostgresServer start(Path data) {
        return start(data, Map.of());
    }

    /** The same with settings of the server. */
    static PostgresServer start(Path data, Map<String, String> settings) {
        try {
            return new PostgresServer(data, freePort(), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the clients connect. */
    int port() {
        return port;
    }

    String url() {
        return url(port);
    }

    /** The same database through another port, a proxy's. */
    static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /** The variables that tell the application to keep its job repository there. */
    Map<String, String> environment() {
        return environment(url());
    }

    /** The same for the database of a URL. */
    static Map<String, String> environment(String url) {
        return Map.of(
                "SPRING_DATASOURCE_URL",
                url,
                "SPRING_DATASOURCE_USERNAME",
                "postgres",
                "SPRING_DATASOURCE_PASSWORD",
                "postgres");
    }

    /** The arguments that say the same of the database of a URL, behind others. */
    static String[] arguments(String url, String... others) {
        return Stream.concat(
                        Stream.of(others),
                        Stream.of(
                                "--spring.datasource.url=" + url,
                                "--spring.datasource.username=postgres",
                                "--spring.datasource.password=postgres"))
                .toArray(String[]::new);
    }

    /** The URL of a new, empty database. */
    public String newDatabase() throws SQLException {
        return newDatabase(url());
    }

    private static String newDatabase(String server) throws SQLException {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = DriverManager.getConnection(server, "postgres", "postgres");
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        return server.replaceAll("/postgres$", "/" + name);
    }

    /** Sets for all databases what administrators are known to set. */
    PostgresServer strict() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres");
                var statement = connection.createStatement()) {
            for (String setting : STRICT) {
                statement.execute("alter role postgres set " + setting);
            }
        }
        return this;
    }

    /** All that its tables hold, as text. */
    String dump() throws SQLException {
        StringBuilder text = new StringBuilder();
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres");
                var tables = connection.getMetaData().getTables(null, "public", "%", new String[] {"TABLE"})) {
            while (tables.next()) {
                try (var statement = connection.createStatement();
                        var rows = statement.executeQuery(
                                "select t::text from " + tables.getString("TABLE_NAME") + " t")) {
                    while (rows.next()) {
                        text.append(rows.getString(1)).append('\n');
                    }
                }
            }
        }
        return text.toString();
    }

    void stop() throws IOException {
        server.close();
    }

    /** Ends it as the loss of its machine does: no client is told, and nothing is written any more. It logs that it is not there to be stopped. */
    void crash() throws IOException, InterruptedException {
        Path pid = data.resolve("postmaster.pid");
        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).get(0))).orElseThrow();
        new ProcessBuilder("kill", "-QUIT", String.valueOf(process.pid()))
                .start()
                .waitFor();
        process.onExit().join();
        server.close();
        Files.deleteIfExists(pid);
    }

    void startAgain() throws IOException {
        server = server();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private EmbeddedPostgres server() throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig(
                        "synchronous_commit", "on"); // as servers are: the library would lose commits with a crash
        settings.forEach(builder::setServerConfig);
        return builder.start();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
