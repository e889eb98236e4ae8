package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job repository in a file that several processes of this machine use. */
class RepositoryFileIT {
    /** Its query takes a while. */
    private static final String LONG = """
            steps:
              - extract: { query: "SELECT n AS id, TO_HEX(MD5(CAST(n AS STRING))) AS text FROM UNNEST(GENERATE_ARRAY(1, 6000000)) AS n", key: id }
            """;

    private static final String SHORT = """
            steps:
              - extract: { query: "SELECT 1 AS id", key: id }
            """;

    private static final String ONE_TRY = "--spring.datasource.hikari.initialization-fail-timeout=1";

    @TempDir
    private Path folder;

    @BeforeEach
    void makeJobs() {
        new CommandLine(folder).job("long", LONG).job("short", SHORT);
    }

    @Test
    void aStoppedProcessThatHoldsTheFileIsNamed() throws Exception {
        BatchProcess stopped = BatchProcess.start(folder, "job=long");
        stopped.awaitOutput("step-started");
        stopped.signal("STOP");

        BatchProcess status = BatchProcess.start(folder, "status");
        BatchProcess job = BatchProcess.start(folder, "job=short");
        List<BatchProcess.Ended> both = List.of(status.await(), job.await());
        stopped.signal("KILL");

        for (BatchProcess.Ended ended : both) {
            assertThat(ended.exit()).as(ended.output()).isEqualTo(1);
            assertThat(ended.output())
                    .contains(
                            "Process " + stopped.pid() + " has it open and is suspended", "kill -CONT " + stopped.pid())
                    .doesNotContain("Check that its server is running");
        }
    }

    /** This process opens it first, for the run that has to find another way then. */
    @Test
    void theProcessThatHoldsItEndsAndARunContinuesWithoutAFailure() throws Exception {
        CommandLine shop =
                new CommandLine(folder).job("often", SmallShop.often(2_000)).classifier("models/tiny");
        assertThat(shop.run("job=short").exit()).isZero();
        Path files = folder.resolve("local/repository");
        Connection holder = DriverManager.getConnection(
                "jdbc:h2:file:" + files.resolve("modelbatch") + ";AUTO_SERVER=TRUE",
                "sa",
                Files.readString(files.resolve("password")).strip());

        BatchProcess run = BatchProcess.start(folder, "job=often");
        run.awaitFile(shop.bucket("results/all"));
        holder.createStatement().execute("SHUTDOWN IMMEDIATELY");
        BatchProcess.Ended ended = run.await();
        holder.close();

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(ended.output()).doesNotContain("FAILED", "does not answer");
    }

    @Test
    void nobodyElseGetsInAndOlderRepositoriesAreClosed() throws Exception {
        Path files = folder.resolve("local/repository");
        String file = "jdbc:h2:file:" + files.resolve("modelbatch");
        assertThat(new CommandLine(folder).run("job=short").exit()).isZero();
        String password = Files.readString(files.resolve("password")).strip();
        assertThat(password).hasSize(64);
        assertThat(modes("local/repository/password")).isEqualTo("rw-------");
        for (String name : new String[] {"repository", "pinned", "buckets", "logs", "cache"}) {
            assertThat(modes("local/" + name)).isEqualTo("rwx------");
        }
        assertThatThrownBy(() -> DriverManager.getConnection(file, "sa", ""))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("Wrong user name or password");

        // As it was made before repositories had passwords.
        try (var connection = DriverManager.getConnection(file, "sa", password);
                var statement = connection.createStatement()) {
            statement.execute("ALTER USER sa SET PASSWORD ''");
        }
        Files.delete(files.resolve("password"));
        Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxr-xr-x"));
        CommandLine.Ended again = new CommandLine(folder).run("status");

        assertThat(again.exit()).as(again.words()).isZero();
        assertThat(again.output()).contains("short-1", "COMPLETED");
        assertThat(modes("local/repository")).isEqualTo("rwx------");
        assertThatThrownBy(() -> DriverManager.getConnection(file, "sa", "")).isInstanceOf(SQLException.class);
        try (var connection = DriverManager.getConnection(
                file, "sa", Files.readString(files.resolve("password")).strip())) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void theGroupIsLetInWhereThatIsWanted() throws Exception {
        assertThat(new CommandLine(folder)
                        .run("job=short", "--modelbatch.local.access=group")
                        .exit())
                .isZero();

        assertThat(modes("local/repository")).startsWith("rwxr");
        assertThat(modes("local/repository")).endsWith("---");
        assertThat(modes("local/repository/password")).startsWith("rw-r").endsWith("---");
    }

    @Test
    void aLostPasswordAndADamagedFileAreSaidInWords() throws Exception {
        CommandLine shop = new CommandLine(folder);
        assertThat(shop.run("job=short").exit()).isZero();
        Path password = folder.resolve("local/repository/password");
        String right = Files.readString(password);

        Files.writeString(password, "wrong");
        CommandLine.Ended lost = shop.run("status", ONE_TRY);
        Files.writeString(password, right);
        Path file = folder.resolve("local/repository/modelbatch.mv.db");
        byte[] damaged = Files.readAllBytes(file);
        new java.util.Random(1).nextBytes(damaged);
        Files.write(file, damaged);
        CommandLine.Ended broken = shop.run("status", ONE_TRY);
        CommandLine.Ended checked = shop.run("check", "job=short", ONE_TRY);

        assertThat(lost.exit()).isEqualTo(2);
        assertThat(lost.errors())
                .contains("local/repository/password", "backup")
                .doesNotContain("Exception");
        assertThat(broken.exit()).isEqualTo(3);
        assertThat(broken.errors())
                .contains("is damaged", "backup", "mv ")
                .doesNotContain("Check that its server is running");
        assertThat(checked.words()).contains("is damaged");
    }

    private String modes(String file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file)));
    }
}
