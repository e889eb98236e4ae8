package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions in the queue whose manager was killed. */
class LeftQueueIT {
    @TempDir
    private Path folder;

    /** While its tasks were in the queue, workers would take them again and again, and whatever scales workers would start more. */
    @Test
    void aRunThatIsGivenUpLeavesNothingInTheQueue() throws Exception {
        String database = PostgresServer.sharedDatabase();
        try (Fleet fleet = new Fleet(folder, database)) {
            CommandLine shop = SmallShop.open(folder);
            Fleet.Member manager = fleet.manager("remote", "job=predict", "day=2026-01-02");
            fleet.until("select count(*) from MODELBATCH_TASK", 2);
            manager.process().destroyForcibly().waitFor();
            assertThat(fleet.number("select sum(WAITING) from MODELBATCH_QUEUE"))
                    .isEqualTo(2);

            for (String verb : List.of("recover", "abandon")) {
                CommandLine.Ended ended = shop.run(PostgresServer.arguments(database, verb, "predict-1"));

                assertThat(ended.exit()).as(ended.words()).isZero();
                assertThat(fleet.number("select count(*) from MODELBATCH_TASK")).isZero();
                assertThat(fleet.number("select count(*) from MODELBATCH_DISPATCH"))
                        .isZero();
            }
        }
    }
}
