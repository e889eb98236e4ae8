package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.model.Fixture;
import io.modelbatch.store.google.StorageServer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that share no folder with their manager: rows come from BigQuery, models and results are in Cloud Storage. */
class WorkersOnGoogleIT {
    private static final int ROWS = 400;

    @TempDir
    private Path folder;

    @Test
    void workersReadBigQueryAndWriteCloudStorageAlsoWhenOneDies() throws Exception {
        try (StorageServer storage = StorageServer.start(folder.resolve("storage"))) {
            GoogleShop.BUCKETS.forEach(storage::bucket);
            new CommandLine(folder).job("predict", """
                    steps:
                      - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: 8 }
                      - infer:
                          model: gs://models/tiny
                          task: text-classification
                          text: text
                          to: gs://results/lines
                          block: { rows: 10 }
                      - load: { table: shop.answers }
                    """);
            String url = PostgresServer.sharedDatabase();
            try (GoogleShop google = GoogleShop.open(folder, storage.address(), PostgresServer.environment(url));
                    Fleet fleet = new Fleet(folder, url)) {
                google.table("shop.lines", SmallShop.lines(ROWS));
                google.model("models/tiny", Fixture.named("bert-classification").model());
                String[] properties = google.arguments().toArray(String[]::new);
                Fleet.Member first = fleet.worker(properties);
                Fleet.Member manager = fleet.manager(
                        "remote",
                        Stream.concat(Stream.of("job=predict"), Stream.of(properties))
                                .toArray(String[]::new));
                fleet.until("select count(*) from MODELBATCH_SHARD", 10);

                first.signal("TERM");
                assertThat(first.await()).as(fleet.output()).isEqualTo(4);
                fleet.worker(properties);

                assertThat(manager.await()).as(fleet.output()).isZero();
                List<List<@Nullable Object>> rows = google.rows("shop.answers");
                assertThat(rows).hasSize(ROWS);
                assertThat(rows.stream().map(row -> row.get(0))).doesNotHaveDuplicates();
                assertThat(manager.text()).contains("\"workers\":1");
            }
        }
    }
}
