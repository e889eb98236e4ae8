package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.Driver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of the job repository while the process that holds it is about to end. */
class RepositoryHandoverTest {
    private static final int TRIES = 3;

    @TempDir
    private Path folder;

    private final AtomicInteger tries = new AtomicInteger();

    @Test
    void aRefusedOpeningIsRepeatedUntilTheHolderHasEnded() throws Exception {
        Process holder = hold();

        try (Connection connection = RepositoryHandover.outlast(() -> {
            if (tries.incrementAndGet() == TRIES) {
                end(holder);
            }
            return open("");
        })) {
            assertThat(connection.isValid(1)).isTrue();
        } finally {
            holder.destroyForcibly();
        }

        assertThat(tries).hasValue(TRIES);
    }

    @Test
    void whatTimeDoesNotChangeIsSaidAtOnce() {
        open("right");

        assertThatThrownBy(() -> RepositoryHandover.outlast(() -> {
                    tries.incrementAndGet();
                    return open("wrong");
                }))
                .rootCause()
                .hasMessageContaining("Wrong user name or password");
        assertThat(tries).hasValue(1);
    }

    private Connection open(String password) {
        try {
            return DriverManager.getConnection(url() + ";AUTO_SERVER=TRUE", "sa", password);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A process that has the file open and serves it to nobody. */
    private Process hold() throws Exception {
        Path h2 = Path.of(
                Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Process holder = new ProcessBuilder(
                        QuickStart.JAVA.toString(),
                        "-cp",
                        h2.toString(),
                        "org.h2.tools.Shell",
                        "-url",
                        url(),
                        "-user",
                        "sa",
                        "-password",
                        "")
                .redirectErrorStream(true)
                .start();
        holder.getOutputStream().write("SELECT 'it is open';\n".getBytes(StandardCharsets.US_ASCII));
        holder.getOutputStream().flush();
        BufferedReader output = holder.inputReader(StandardCharsets.US_ASCII);
        for (String line = output.readLine(); !line.contains("row"); ) {
            line = output.readLine();
        }
        return holder;
    }

    private static void end(Process holder) {
        holder.destroyForcibly();
        try {
            holder.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String url() {
        return "jdbc:h2:file:" + folder.resolve("modelbatch");
    }
}
