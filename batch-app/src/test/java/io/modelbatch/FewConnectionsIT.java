package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet whose server takes fewer connections than it would like to have. */
class FewConnectionsIT {
    private static final int ROWS = 160;

    @TempDir
    private Path folder;

    /** Three processes would like to have a dozen: they wait for each other. */
    @Test
    void aFleetSharesThem(@TempDir Path data) throws Exception {
        try (PostgresServer server = PostgresServer.start(data, Map.of("max_connections", "6"));
                Fleet fleet = new Fleet(folder, server.url())) {
            CommandLine shop = new CommandLine(folder)
                    .job("predict", SmallShop.predict(8, "all", "block: { rows: 10 }"))
                    .table("shop.lines", SmallShop.lines(ROWS))
                    .classifier("models/tiny");
            assertThat(shop.run(PostgresServer.arguments(server.url(), "status"))
                            .exit())
                    .isZero();
            Fleet.Member manager = fleet.manager("remote", "job=predict");
            fleet.until("select count(*) from MODELBATCH_TASK", 8);
            List<Fleet.Member> workers = List.of(fleet.worker("--partitions=2"), fleet.worker("--partitions=2"));

            assertThat(manager.await()).isZero();
            for (Fleet.Member worker : workers) {
                assertThat(worker.process().isAlive()).as(worker.text()).isTrue();
            }
            assertThat(AnsweredRows.in(shop.bucket("results/all"))).hasSize(ROWS);
        }
    }
}
