package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases that a command cannot use, and whether it says that another attempt may help. */
class RepositoryFailuresTest {
    private static PostgresServer server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start(@TempDir Path data) throws SQLException {
        server = PostgresServer.start(data);
        try (var connection = DriverManager.getConnection(server.url(), "postgres", "postgres");
                var statement = connection.createStatement()) {
            statement.execute("create role full_up login connection limit 0");
            statement.execute("create role standby login");
            statement.execute("alter role standby set default_transaction_read_only = on");
            statement.execute("create database of_standby owner standby");
            statement.execute("create role guest login");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | full_up  | jdbc:postgresql://127.0.0.1:PORT/postgres                  | no connection left
            1 | standby  | jdbc:postgresql://127.0.0.1:PORT/of_standby                | read-only
            1 | guest    | jdbc:postgresql://127.0.0.1:1/postgres                     | Check that its server is running
            1 | guest    | jdbc:postgresql://nowhere.invalid/postgres                 | nowhere.invalid
            2 | guest    | jdbc:postgresql://127.0.0.1:PORT/of_standby                | permission denied for schema public.
            2 | guest    | jdbc:postgresql://127.0.0.1:PORT/nowhere                   | database "nowhere" does not exist
            2 | nobody   | jdbc:postgresql://127.0.0.1:PORT/postgres                  | role "nobody" does not exist
            2 | guest    | jdbc:postgresql://127.0.0.1:PORT/postgres?sslmode=require  | does not support SSL
            2 | guest    | jdbc:postgresql://127.0.0.1:port/postgres                  | is not the URL of a job repository
            2 | guest    | jdbc:postgres://127.0.0.1:PORT/postgres                    | is not the URL of a job repository
            2 | guest    | postgresql://127.0.0.1:PORT/postgres                       | is not the URL of a job repository
            2 | guest    | jdbc:mysql://127.0.0.1:PORT/postgres                       | is not the URL of a job repository
            2 | guest    | jdbc:h2:file:./somewhere;NOSUCH=1                          | NOSUCH
            2 | guest    | jdbc:postgresql://me:secret-1@127.0.0.1:PORT/postgres      | ***@127.0.0.1
            2 | guest    | jdbc:postgres://127.0.0.1:PORT/postgres?password=secret-1  | is not the URL of a job repository
            """)
    void isToldInWords(int exit, String user, String url, String words) {
        Ended ended = new CommandLine(folder)
                .run(
                        "status",
                        "--spring.datasource.url=" + url.replace("PORT", String.valueOf(server.port())),
                        "--spring.datasource.username=" + user,
                        "--spring.datasource.password=x",
                        "--spring.datasource.hikari.initialization-fail-timeout=1");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(exit);
        assertThat(ended.errors())
                .contains(words)
                .doesNotContain("secret-1", "java.", "Exception:")
                .hasLineCount(1);
    }
}
