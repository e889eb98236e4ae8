package io.modelbatch;

import static com.google.cloud.bigquery.StandardSQLTypeName.FLOAT64;
import static com.google.cloud.bigquery.StandardSQLTypeName.INT64;
import static com.google.cloud.bigquery.StandardSQLTypeName.JSON;
import static com.google.cloud.bigquery.StandardSQLTypeName.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import io.modelbatch.CommandLine.Ended;
import io.modelbatch.model.Fixture;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.google.ServedBucket;
import io.modelbatch.store.google.StorageServer;
import io.modelbatch.warehouse.google.BigQueryServer;
import io.modelbatch.warehouse.google.ServedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

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
    void nothingStandsInTheWayOfAJobThatCanRun() {
        Ended check = check("job=predict");

        assertThat(check.exit()).as(check.words()).isZero();
        assertThat(check.output()).contains("project: project", "it reads 27 bytes", "No problems found.");
    }

    @Test
    void eachOfManyFaultsIsNamedWithItsWayOut() throws Exception {
        storage.bucket("far", "US").bucket("hidden").bucket("archive");
        storage.existing("hidden").deny(ServedBucket.Permission.GET_BUCKET);
        storage.existing("archive").retain(Duration.ofDays(30));
        google.bigQuery().dataset("overseas", "US").dataset("locked", GoogleShop.LOCATION);
        google.table("overseas.lines", "id,text\n1,milk\n");
        google.bigQuery().deny(BigQueryServer.Permission.WRITE_TABLES, "locked");
        table("other", Field.of("id", INT64), Field.of("label", STRING));
        brokenModel();
        commands.job("far", PREDICT.replace("gs://results", "gs://far"))
                .job("hidden", PREDICT.replace("gs://results", "gs://hidden"))
                .job("archive", PREDICT.replace("gs://results", "gs://archive"))
                .job("nobucket", PREDICT.replace("gs://results", "gs://nowhere"))
                .job("query", PREDICT.replace("shop.lines", "overseas.lines"))
                .job("target", PREDICT.replace("shop.answers", "overseas.answers"))
                .job("nodataset", PREDICT.replace("shop.answers", "nowhere.answers"))
                .job("locked", PREDICT.replace("shop.answers", "locked.answers"))
                .job("other", PREDICT.replace("shop.answers", "shop.other"))
                .job("nomodel", PREDICT.replace("gs://models/tiny", "gs://models/none"))
                .job("broken", PREDICT.replace("gs://models/tiny", "gs://models/broken"))
                .job("length", PREDICT.replace("text: text", "text: text\n      max-length: 9999"))
                .job("column", PREDICT.replace("SELECT id, text", "SELECT id, texd"))
                .job("select", PREDICT.replace("SELECT id, text", "SELECT id, text AS words"))
                .job("limit", PREDICT.replace("partitions: 3", "partitions: 3, max-bytes: 10485759"));

        Ended check = check();

        assertThat(check.exit()).as(check.words()).isEqualTo(USAGE);
        Map<String, String> faults = new LinkedHashMap<>();
        faults.put(
                "loading from gs://far: The bucket far is in US",
                "gcloud storage buckets create gs://NAME --location=EU");
        faults.put("loading from gs://hidden: .*storage.buckets.get", "roles/storage.legacyBucketReader on the bucket");
        faults.put(
                "writing to gs://archive/night: .*keeps each object for 30 days",
                "update gs://archive --clear-retention");
        faults.put(
                "writing to gs://nowhere/night: .*there is no bucket",
                "gcloud storage buckets create gs://nowhere --loc");
        faults.put("in job query: .*not found in location EU", "modelbatch.gcp.location");
        faults.put("in job target: Dataset overseas is in US", "bq --location=EU mk project:NAME");
        faults.put("in job nodataset: There is no dataset nowhere", "bq --location=EU mk project:nowhere");
        faults.put("in job locked: .*lack bigquery.tables.updateData", "roles/bigquery.dataEditor on the dataset");
        faults.put("in job other: .*no column 'score'", "ALTER TABLE shop.other ADD COLUMN `score` FLOAT64");
        faults.put("in job nomodel: gs://models/none has no files", "gcloud storage cp -r DIRECTORY gs://models/none");
        faults.put(
                "in job broken: gs://models/broken/tokenizer_config.json is not valid JSON: [^\\[]*; it is damaged",
                "copy it again");
        faults.put("in job length: .*max-length is 9999", "this model takes 1 to 66 tokens");
        faults.put("in job column: .*texd at", "'query' of 'extract'.*bq show --schema");
        faults.put("in job select: .*no column 'text'.*it has id, words", "in 'query', with AS");
        faults.put("in job limit: .*at least 10 MiB", "Raise max-bytes of 'extract' to 10485760");
        faults.forEach((fault, remedy) -> assertThat(check.output()).containsPattern("✘ .*" + fault + ".*" + remedy));
        assertThat(check.output().lines().filter(line -> line.startsWith("✘")))
                .as("nothing is said twice, and what can run is not accused")
                .hasSize(faults.size());
        assertThat(check.output())
                .endsWith("%d of %d checks found a problem.%n"
                        .formatted(faults.size(), check.output().lines().count() - 1))
                .doesNotContain("Exception");
        assertThat(google.bigQuery().count(ServedJob.Kind.QUERY)).isZero();
    }

    /** Rows are read without it, page by page. */
    @Test
    void whatWouldMakeARunSlowIsNamed() {
        google.bigQuery().deny(BigQueryServer.Permission.CREATE_READ_SESSIONS);

        Ended check = check("job=predict");

        assertThat(check.exit()).as(check.words()).isZero();
        assertThat(check.output()).containsPattern("dataset pinned: .*page by page.*roles/bigquery.readSessionUser");
    }

    private void brokenModel() throws IOException {
        Path broken = folder.resolve("broken");
        FileSystemUtils.copyRecursively(Fixture.named("bert-classification").model(), broken);
        Files.writeString(broken.resolve("tokenizer_config.json"), "[");
        google.model("models/broken", broken);
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

    /** The job of the second table differs from the first in nothing but the table's mode or day. */
    @Test
    void eachTargetOfATableIsLookedAt() {
        table("answers", Field.of("id", INT64), Field.of("label", STRING), Field.of("score", FLOAT64));
        commands.job("day", PREDICT.replace("table: shop.answers", "table: shop.answers, partition: 2026-03-31"));

        Ended check = check();

        assertThat(check.exit()).as(check.words()).isEqualTo(USAGE);
        assertThat(check.output())
                .containsPattern("✔ table shop.answers of 'load' in job predict: 0 rows are there")
                .containsPattern("✘ table shop.answers of 'load' in job day: .*is not partitioned by date.*leave"
                        + " 'partition' out");
    }

    @Test
    void theSameOfSeveralJobsIsSaidOnce() {
        google.bigQuery().deny(BigQueryServer.Permission.WRITE_TABLES, "shop");
        commands.job("other", PREDICT.replace("results/night", "results/day"));

        Ended check = check();

        assertThat(check.output().lines().filter(line -> line.contains("bigquery.tables.updateData")))
                .singleElement()
                .asString()
                .startsWith("✘ table shop.answers of 'load' in jobs other, predict: ");
    }

    @Test
    void theColumnsOfAResultAreComparedWithItsTable() {
        table("fits", Field.of("id", INT64), Field.of("label", STRING), Field.of("score", FLOAT64));
        table("lacks", Field.of("id", INT64), Field.of("label", STRING));
        table("differs", Field.of("id", STRING), Field.of("label", STRING), Field.of("score", FLOAT64));
        table(
                "requires",
                Field.of("id", INT64),
                Field.of("label", STRING),
                Field.of("score", FLOAT64),
                Field.newBuilder("shop", STRING).setMode(Field.Mode.REQUIRED).build());
        table("scores", Field.of("id", INT64), Field.of("scores", JSON));
        String best = PREDICT.replace("text: text", "text: text\n      top-k: 2");
        commands.job("predict", PREDICT.replace("shop.answers", "shop.fits"))
                .job("lacks", PREDICT.replace("shop.answers", "shop.lacks"))
                .job("differs", PREDICT.replace("shop.answers", "shop.differs"))
                .job("requires", PREDICT.replace("shop.answers", "shop.requires"))
                .job("parquet", best.replace("shop.answers", "shop.scores"))
                .job(
                        "jsonl",
                        best.replace("shop.answers", "shop.scores").replace("top-k", "format: jsonl\n      top-k"))
                .job("nomodel", PREDICT.replace("models/tiny", "models/none").replace("shop.answers", "shop.lacks"));

        Ended check = check();

        assertThat(check.exit()).as(check.words()).isEqualTo(USAGE);
        assertThat(check.output())
                .containsPattern("✔ table shop.fits .*: 0 rows are there.*id int64, label string, score float64")
                .containsPattern(
                        "✘ table shop.lacks .*no column 'score', which would be FLOAT64.*ALTER TABLE shop.lacks"
                                + " ADD COLUMN `score` FLOAT64")
                .containsPattern("✘ table shop.differs .*column 'id' is STRING, and the result has INT64.*bq rm -t"
                        + " shop.differs")
                .containsPattern(
                        "✘ table shop.requires .*column 'shop' is REQUIRED, and the result lacks it.*ALTER TABLE"
                                + " shop.requires ALTER COLUMN `shop` DROP NOT NULL")
                .containsPattern(
                        "✘ table shop.scores of 'load' in job parquet: .*column 'scores' is JSON, and the result"
                                + " has ARRAY")
                .containsPattern("✔ table shop.scores of 'load' in job jsonl: ")
                .containsPattern("✔ table shop.lacks of 'load' in job nomodel: .*are not known yet");
        assertThat(google.bigQuery().count(ServedJob.Kind.QUERY)).isZero();
    }

    private void table(String name, Field... columns) {
        BigQueryOptions.newBuilder()
                .setProjectId(GoogleShop.PROJECT)
                .setHost(google.bigQuery().restAddress().toString())
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService()
                .create(TableInfo.of(
                        TableId.of(GoogleShop.PROJECT, "shop", name), StandardTableDefinition.of(Schema.of(columns))));
    }

    private Ended check(String... more) {
        return commands.run(Stream.of(Stream.of("check"), Stream.of(more), google.arguments())
                .flatMap(words -> words)
                .toArray(String[]::new));
    }
}
