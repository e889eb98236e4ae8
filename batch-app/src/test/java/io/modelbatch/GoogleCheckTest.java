package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.artifact.google.ServedBucket;
import io.modelbatch.artifact.google.StorageServer;
import io.modelbatch.model.Fixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} in the environment {@code gcp}: what would stop a run is told before anything is paid for, with the way out. */
class GoogleCheckTest {
    private static final int USAGE = 2;

    private static final String PREDICT = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: 3 }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  to: gs://results/night
              - load: { table: shop.answers }
            """;

    @TempDir
    private Path folder;

    private StorageServer storage;
    private GoogleShop google;
    private CommandLine commands;

    @BeforeEach
    void open() throws Exception {
        storage = StorageServer.start(folder.resolve("storage"));
        GoogleShop.BUCKETS.forEach(storage::bucket);
        google = GoogleShop.open(folder, storage.address(), Map.of());
        google.table("shop.lines", "id,text\n1,milk\n2,tea\n");
        google.model("models/tiny", Fixture.named("bert-classification").model());
        commands = new CommandLine(folder).job("predict", PREDICT);
    }

    @AfterEach
    void close() throws Exception {
        google.close();
        storage.close();
    }

    @Test
    void aBucketThatKeepsItsObjectsIsNamedAndNothingIsWritten() throws Exception {
        storage.existing("results").retain(Duration.ofDays(7));
        storage.existing("runs").holdNewObjects();
        commands.job("archive", """
                steps:
                  - upload: { from: report.csv, to: "gs://results/reports/" }
                """).job("overwrite", """
                steps:
                  - upload: { from: report.csv, to: "gs://results/newest/", overwrite: true }
                """);

        Ended check = check();

        assertThat(check.exit()).as(check.words()).isEqualTo(USAGE);
        for (String refused : List.of("gs://results/night", "gs://results")) {
            assertThat(check.output())
                    .containsPattern("✘ writing to " + refused
                            + ": The bucket keeps each object for 7 days.*gcloud storage buckets update gs://results"
                            + " --clear-retention-period");
        }
        assertThat(check.output())
                .containsPattern(
                        "✘ writing to gs://runs/runs: .*event-based hold.*update gs://runs --no-default-event-based-hold")
                .containsPattern("✔ adding to gs://results: was not tried");
        assertThat(google.store().list(ObjectUri.parse("gs://results"))).isEmpty();
        assertThat(google.store().list(ObjectUri.parse("gs://runs"))).isEmpty();
    }

    /** Whoever may not ask for the bucket learns it from an object, which stays. */
    @Test
    void anObjectThatCheckCannotRemoveIsNamed() throws Exception {
        storage.existing("results").retain(Duration.ofDays(7)).deny(ServedBucket.Permission.GET_BUCKET);
        storage.existing("runs").deny(ServedBucket.Permission.DELETE_OBJECTS);

        Ended check = check();

        assertThat(check.exit()).as(check.words()).isEqualTo(USAGE);
        String left = google.store()
                .list(ObjectUri.parse("gs://results"))
                .get(0)
                .uri()
                .toString();
        assertThat(check.output())
                .containsPattern("writing to gs://results/night: .*retention policy.*--clear-retention-period.*"
                        + "This check left the object " + left)
                .containsPattern("writing to gs://runs/runs: .*storage.objects.delete.*roles/storage.objectAdmin.*"
                        + "This check left the object gs://runs/runs/modelbatch-check-");
    }

    @Test
    void aBucketWhoseCallersPayIsNamed() {
        storage.existing("results").requesterPays();
        storage.existing("models").requesterPays();

        Ended check = check();

        assertThat(check.exit()).as(check.words()).isEqualTo(USAGE);
        assertThat(check.output())
                .containsPattern("✘ writing to gs://results/night: .*gs://results --no-requester-pays")
                .containsPattern("✘ model gs://models/tiny .*gs://models --no-requester-pays");
    }

    private Ended check(String... more) {
        return commands.run(Stream.of(Stream.of("check"), Stream.of(more), google.arguments())
                .flatMap(words -> words)
                .toArray(String[]::new));
    }
}
