package io.modelbatch;

import io.modelbatch.launch.RepositoryHeldException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import org.h2.Driver;
import org.h2.api.ErrorCode;

/**
 * H2's driver for a file that several processes use. H2 waits for ever for the answer of a process that serves the file and was stopped, by
 * Ctrl-Z for instance; this one says so. A file without a password is given the one of the connection.
 */
public final class H2Driver extends Driver {
    static final String PREFIX = "jdbc:h2:file:";

    private static final String PASSWORD = "password";
    private static final int CONNECT_MILLIS = 2_000;
    private static final int ANSWER_MILLIS = 3_000;
    /** Versions of the protocol that no server has, so that it refuses them at once. */
    private static final byte[] GREETING = new byte[2 * Integer.BYTES];

    /** For the pool, which makes it by its name. */
    public H2Driver() {}

    @Override
    public Connection connect(String url, Properties properties) throws SQLException {
        Path file = Path.of(url.substring(PREFIX.length(), url.indexOf(';')));
        refuseStopped(file);
        try {
            return super.connect(url, properties);
        } catch (SQLException e) {
            if (e.getErrorCode() == ErrorCode.WRONG_USER_OR_PASSWORD) {
                setPassword(url, properties, e);
                return super.connect(url, properties);
            }
            throw e;
        }
    }

    private void setPassword(String url, Properties properties, SQLException refusal) throws SQLException {
        Properties without = new Properties();
        without.putAll(properties);
        without.setProperty(PASSWORD, "");
        try (Connection connection = super.connect(url, without);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER USER " + properties.getProperty("user") + " SET PASSWORD '"
                    + properties.getProperty(PASSWORD) + "'");
        } catch (SQLException e) {
            throw refusal;
        }
    }

    private static void refuseStopped(Path file) throws RepositoryHeldException {
        Optional<InetSocketAddress> server = server(file);
        if (server.isEmpty()) {
            return;
        }
        try (Socket socket = new Socket()) {
            socket.connect(server.get(), CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(GREETING);
            socket.getInputStream().read();
        } catch (SocketTimeoutException e) {
            throw new RepositoryHeldException(FileHolder.of(file.resolveSibling(file.getFileName() + ".mv.db"))
                    .map(FileHolder::words)
                    .orElse("The process that has it open does not answer"));
        } catch (IOException e) {
            // Nobody is there any more, which H2 finds out too.
        }
    }

    /** The address of the process that holds the file; empty where none does. */
    private static Optional<InetSocketAddress> server(Path file) {
        Properties lock = new Properties();
        try (InputStream in = Files.newInputStream(file.resolveSibling(file.getFileName() + ".lock.db"))) {
            lock.load(in);
        } catch (IOException e) {
            return Optional.empty();
        }
        String server = lock.getProperty("server", "");
        int colon = server.lastIndexOf(':');
        return colon < 0
                ? Optional.empty()
                : Optional.of(new InetSocketAddress(
                        server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))));
    }
}
