package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.ClaimClock;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.RunOwner;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Two versions of the program that share a job repository. */
class TwoVersionsTest {
    private static final int USAGE = 2;
    private static final int HELD = 5;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = SmallShop.open(folder);
    }

    private List<String> databases() throws Exception {
        return List.of(
                PostgresServer.sharedDatabase(), "jdbc:h2:file:" + folder.resolve("repository") + ";AUTO_SERVER=TRUE");
    }

    @Test
    void whatANewerVersionChangedIsRefusedByAnOlderOne() throws Exception {
        for (String database : databases()) {
            assertThat(type(database, "job=predict", "day=2026-01-01").exit()).isZero();
            execute(database, "alter table MODELBATCH_SHARD add column LATER INT");
            execute(
                    database,
                    "insert into \"flyway_schema_history\" (\"installed_rank\", \"version\", \"description\", \"type\", \"script\","
                            + " \"installed_by\", \"execution_time\", \"success\")"
                            + " values (99, '99', 'later', 'SQL', 'V99__later.sql', 'x', 1, true)");

            for (String verb : List.of("status", "job=predict day=2026-01-02", "prune older-than=0d")) {
                Ended ended = type(database, verb.split(" "));

                assertThat(ended.exit()).as(ended.words()).isEqualTo(USAGE);
                assertThat(ended.errors())
                        .contains(
                                "changed by a newer version",
                                "newest script is V99",
                                "knows scripts up to V" + MigrateSchema.NEWEST)
                        .doesNotContain("Exception");
            }
        }
    }

    @Test
    void anOlderRepositoryIsNotChangedWhileARunIsAtWork() throws Exception {
        for (String database : databases()) {
            DataSource repository = new DriverManagerDataSource(database, "postgres", "postgres");
            Flyway.configure()
                    .dataSource(repository)
                    .locations("classpath:db/migration/" + (database.contains(":h2:") ? "h2" : "postgresql"))
                    .target("10")
                    .load()
                    .migrate();
            Claims older = new Claims(repository, ClaimClock.DATABASE, lost -> {});
            Claim atWork = older.take("job=nightly", RunOwner.thisProcess(), Duration.ZERO);
            older.take("job=dead", new RunOwner("1", "elsewhere", 7, 1), Duration.ZERO);
            execute(database, "update MODELBATCH_LEASE set EXPIRES = SINCE - interval '1' second where OWNER_ID = '1'");

            Ended refused = type(database, "job=predict", "day=2026-01-01");

            assertThat(refused.exit()).as(refused.words()).isEqualTo(HELD);
            assertThat(refused.errors())
                    .contains(
                            "would disturb the runs of an older version: job=nightly (process "
                                    + ProcessHandle.current().pid(),
                            "Wait until they end, or stop them with the older version")
                    .doesNotContain("job=dead");
            assertThat(newest(repository)).isEqualTo("10");

            execute(database, "delete from MODELBATCH_LEASE where OWNER_ID = '" + atWork.owner() + "'");
            Ended ended = type(database, "job=predict", "day=2026-01-01");
            assertThat(ended.exit()).as(ended.words()).isZero();
            assertThat(newest(repository)).isEqualTo(MigrateSchema.NEWEST);
        }
    }

    private static String newest(DataSource repository) {
        return JdbcClient.create(repository)
                .sql("select max(cast(\"version\" as int)) from \"flyway_schema_history\"")
                .query(String.class)
                .single();
    }

    private Ended type(String database, String... words) {
        return shop.run(PostgresServer.arguments(database, words));
    }

    private static void execute(String database, String sql) throws Exception {
        try (var connection = DriverManager.getConnection(database, "postgres", "postgres");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
