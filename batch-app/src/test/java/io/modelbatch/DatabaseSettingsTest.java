package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.store.google.Peers;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL as its administrators set it, and behind a proxy. */
class DatabaseSettingsTest {
    /** Blocks that take longer than a transaction may be idle. */
    private static final String JOB = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: 2 }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  to: gs://results/all
                  dtype: float32
                  block: { rows: 10000 }
              - load: { table: shop.answers }
            """;

    private static final int MANY = 20_000;
    private static final int FEW = 2_000;

    private static PostgresServer server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start(@TempDir Path data) {
        server = PostgresServer.start(data);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"serializable", "repeatable read"})
    void aRunDoesNotNoticeLimitsAndLevelsOfIsolation(String isolation) throws Exception {
        String database = server.newDatabase();
        makeTables(database);
        for (String setting : List.of(
                "idle_in_transaction_session_timeout = 500",
                "idle_session_timeout = 1500",
                "lock_timeout = 2000",
                "statement_timeout = 5000",
                "default_transaction_isolation = '" + isolation + "'")) {
            execute(database, "alter database " + name(database) + " set " + setting);
        }

        Ended ended = run(database, "postgres", MANY);

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("\"rows\":" + MANY).doesNotContain("does not answer");
    }

    /** A user may have two connections: one is for the lease, and the other goes from partition to partition. */
    @Test
    void aRunIsContentWithTwoConnections() throws Exception {
        String database = server.newDatabase();
        execute(database, "create role modest superuser login connection limit 2");
        execute(database, "alter role modest nosuperuser");
        execute(database, "grant create on schema public to modest");

        Ended ended = run(database, "modest", FEW);

        assertThat(ended.exit()).as(ended.words()).isZero();
    }

    /** An outage that returns before each commit is not waited for without end. */
    @Test
    void aRunThatCannotCommitEnds() throws Exception {
        String database = server.newDatabase();
        run(database);
        execute(database, """
                create function refuse() returns trigger language plpgsql as
                $$ begin raise exception 'canceling statement due to statement timeout' using errcode = '57014'; end $$
                """);
        execute(database, "create trigger refuse before insert on MODELBATCH_SHARD execute function refuse()");

        Ended ended = run(database);

        assertThat(ended.exit()).as(ended.words()).isEqualTo(1);
        assertThat(ended.errors())
                .contains("failed 5 times in a row", "before the run could commit anything", "statement_timeout");
        execute(database, "drop trigger refuse on MODELBATCH_SHARD");
        assertThat(run(database).exit()).isZero();
    }

    /** PostgreSQL says so itself, with the words of its operating system, which are not about a disk of this machine. */
    @Test
    void aFullDiskOfTheServerEndsTheRunAtOnce() throws Exception {
        String database = server.newDatabase();
        makeTables(database);
        execute(database, """
                create function refuse() returns trigger language plpgsql as
                $$ begin raise exception 'could not extend file "base/5/1": No space left on device'
                using errcode = 'disk_full'; end $$
                """);
        execute(database, "create trigger refuse before insert on MODELBATCH_SHARD execute function refuse()");

        Ended ended = run(database);

        assertThat(ended.exit()).as(ended.words()).isEqualTo(1);
        assertThat(ended.output())
                .contains("\"status\":\"FAILED\"", "The disk of its server is full. Free some space there")
                .doesNotContain("\"waiting\"", " below ");
        execute(database, "drop trigger refuse on MODELBATCH_SHARD");
        Ended resumed = run(database);
        assertThat(resumed.exit()).as(resumed.words()).isZero();
        assertThat(resumed.output()).contains("run-resumed", "\"rows\":" + FEW);
    }

    @Test
    void aProxyMayPoolTransactions() throws Exception {
        String database = server.newDatabase();
        try (Peers.PgBouncer proxy = Peers.PgBouncer.start(folder, server.port())) {
            Ended ended = run(database.replace(":" + server.port(), ":" + proxy.port()));

            assertThat(ended.exit()).as(ended.words()).isZero();
            assertThat(ended.output()).doesNotContain("does not answer");
        }
    }

    private void makeTables(String database) {
        Ended ended = new CommandLine(folder).run(PostgresServer.arguments(database, "status"));
        assertThat(ended.exit()).as(ended.words()).isZero();
    }

    private Ended run(String database) {
        return run(database, "postgres", FEW);
    }

    private Ended run(String database, String user, int rows) {
        return new CommandLine(folder)
                .job("predict", JOB)
                .table(
                        "shop.lines",
                        IntStream.range(0, rows)
                                .mapToObj(row -> row + ",milk and bread and tea " + row)
                                .collect(Collectors.joining("\n", "id,text\n", "\n")))
                .classifier("models/tiny")
                .run(
                        "job=predict",
                        "--spring.datasource.url=" + database,
                        "--spring.datasource.username=" + user,
                        "--spring.datasource.password=postgres");
    }

    private static void execute(String database, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(database, "postgres", "postgres");
                var statements = connection.createStatement()) {
            statements.execute(statement);
        }
    }

    private static String name(String database) {
        return database.substring(database.lastIndexOf('/') + 1);
    }
}
