package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions in the queue whose manager was killed. */
class LeftQueueTest {
    @TempDir
    private Path folder;

    /** While its tasks were in the queue, workers would take them again and again, and whatever scales workers would start more. */
    @Test
    void aRunThatIsGivenUpLeavesNothingInTheQueue(@TempDir Path data) throws Exception {
        try (PostgresServer server = PostgresServer.start(data);
                Fleet fleet = new Fleet(folder, server.url())) {
            CommandLine shop = SmallShop.open(folder);
            Fleet.Member manager = fleet.manager("remote", "job=predict", "day=2026-01-02");
            fleet.until("select count(*) from pg_tables where tablename = 'modelbatch_task'", 1);
            fleet.until("select count(*) from MODELBATCH_TASK", 2);
            manager.process().destroyForcibly().waitFor();
            assertThat(fleet.number("select sum(WAITING) from MODELBATCH_QUEUE"))
                    .isEqualTo(2);

            for (List<String> verb : List.of(List.of("recover", "predict-1"), List.of("abandon", "predict-1"))) {
                CommandLine.Ended ended = shop.run(
                        verb.get(0),
                        verb.get(1),
                        "--spring.datasource.url=" + server.url(),
                        "--spring.datasource.username=postgres",
                        "--spring.datasource.password=postgres");

                assertThat(ended.exit()).as(ended.words()).isZero();
                assertThat(fleet.number("select count(*) from MODELBATCH_TASK")).isZero();
                assertThat(fleet.number("select count(*) from MODELBATCH_DISPATCH"))
                        .isZero();
            }
        }
    }
}
