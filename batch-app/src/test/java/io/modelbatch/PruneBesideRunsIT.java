package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old runs are pruned while a process that is at work on another one is suspended in the middle of it. */
class PruneBesideRunsIT {
    private static final int ROWS = 2_000;

    @TempDir
    private Path folder;

    @Test
    void aSuspendedRunHoldsUpNothingAndLosesNothing() throws Exception {
        String database = PostgresServer.sharedDatabase();
        try (Fleet fleet = new Fleet(folder, database)) {
            CommandLine shop = SmallShop.open(folder).job("often", SmallShop.often(ROWS));
            assertThat(shop.run(PostgresServer.arguments(database, "job=predict", "day=2026-01-02"))
                            .exit())
                    .isZero();
            Fleet.Member live = fleet.manager("local", "job=often");
            fleet.until("select count(*) from MODELBATCH_SHARD where JOB_INSTANCE_ID = 2", 3);
            live.signal("STOP");
            long committed = fleet.number("select count(*) from MODELBATCH_SHARD where JOB_INSTANCE_ID = 2");

            Ended pruned = shop.run(PostgresServer.arguments(database, "prune", "older-than=0d", "delete=true"));

            assertThat(pruned.exit()).as(pruned.words()).isZero();
            assertThat(pruned.output()).contains("Removed: 1 run");
            assertThat(fleet.number("select count(*) from MODELBATCH_SHARD where JOB_INSTANCE_ID = 1"))
                    .isZero();
            assertThat(fleet.number("select count(*) from MODELBATCH_SHARD where JOB_INSTANCE_ID = 2"))
                    .isBetween(committed, ROWS / 10L - 1);
            live.signal("CONT");
            assertThat(live.await()).as(fleet.output()).isZero();
            assertThat(AnsweredRows.in(shop.bucket("results/all"))).hasSize(ROWS);
        }
    }
}
