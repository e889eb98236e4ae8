package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** A job repository that is not as a command would like to find it. */
class RepositoryTest {

    @TempDir
    private Path folder;

    /** As processes do that open H2's file one after the other while each is killed. */
    @Test
    void aFileThatOthersKeepOpeningIsWaitedFor() throws Exception {
        CommandLine shop =
                new CommandLine(folder).job("one", "steps:\n  - extract: { query: SELECT 1 AS id, key: id }\n");
        assertThat(shop.run("job=one").exit()).isZero();
        Path lock = folder.resolve("local/repository/modelbatch.lock.db");
        Thread others = new Thread(() -> keepTouching(lock, Duration.ofSeconds(12)));
        Files.writeString(lock, "#FileLock\nid=0\nmethod=file\n");
        others.start();

        CommandLine.Ended ended = shop.run("status");

        others.join();
        assertThat(ended.exit()).as(ended.words()).isZero();
    }

    @Test
    void tablesMadeByHandAreUsedAsTheyAre() throws Exception {
        String database = PostgresServer.sharedDatabase();
        new ResourceDatabasePopulator(MigrationScripts.of("postgresql").stream()
                        .map(FileSystemResource::new)
                        .toArray(FileSystemResource[]::new))
                .execute(new DriverManagerDataSource(database, "postgres", "postgres"));

        CommandLine.Ended refused = new CommandLine(folder).run(PostgresServer.arguments(database, "status"));
        CommandLine.Ended ended = new CommandLine(folder)
                .run(PostgresServer.arguments(database, "status", "--spring.flyway.enabled=false"));

        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.errors()).contains("has tables that Flyway did not make", "SPRING_FLYWAY_ENABLED=false");
        assertThat(ended.exit()).as(ended.words()).isZero();
    }

    private static void keepTouching(Path file, Duration time) {
        Instant end = Instant.now().plus(time);
        try {
            while (Instant.now().isBefore(end)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
                Thread.sleep(200);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
