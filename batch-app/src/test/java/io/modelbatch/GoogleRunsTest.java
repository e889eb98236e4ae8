package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.model.Fixture;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.store.google.Peers.FakeGcsServer;
import io.modelbatch.store.google.Peers.Mount;
import io.modelbatch.store.google.ServedBucket;
import io.modelbatch.store.google.StorageServer;
import io.modelbatch.warehouse.google.BigQueryServer;
import io.modelbatch.warehouse.google.ServedJob;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same job file in the environment {@code gcp}: the rows are those of a local run, whatever goes wrong on the way. */
class GoogleRunsTest {
    private static final int FAILED_FOR_GOOD = 3;
    private static final int ROWS = 2_000;
    private static final int BLOCK = 100;

    private static final String PREDICT = """
            parameters:
              least: { type: int64, default: 0 }
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines WHERE id >= @least", key: id, partitions: 3 }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  to: gs://results/${least}
                  block: { rows: %d }
              - load: { table: shop.answers }
            """.formatted(BLOCK);

    @TempDir
    private static Path local;

    private static String lines = "";
    private static Map<Long, List<@Nullable Object>> expected = Map.of();

    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private CommandLine commands;

    @BeforeAll
    static void runLocally() throws Exception {
        Random random = new Random(5);
        List<String> words = List.of("milk", "bread", "tea", "soap", "北海道", "ﾒﾛﾝﾊﾟﾝ", "洗剤", "2x", "🥛");
        lines = "id,text\n"
                + IntStream.range(0, ROWS)
                        .mapToObj(id -> id + ","
                                + random.ints(1 + random.nextInt(8), 0, words.size())
                                        .mapToObj(words::get)
                                        .collect(Collectors.joining(" ")))
                        .collect(Collectors.joining("\n"));
        LocalShop shop = new LocalShop(local, Map.of());
        shop.table("shop.lines", lines);
        shop.model("models/tiny", Fixture.named("bert-classification").model());
        Ended run = new CommandLine(local).job("predict", PREDICT).run("job=predict");
        assertThat(run.exit()).as(run.words()).isZero();
        expected = byId(shop.rows("shop.answers"));
        assertThat(expected).hasSize(ROWS);
    }

    @BeforeEach
    void writeJob() {
        commands = new CommandLine(folder).job("predict", PREDICT);
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void withAStorageServerThatNobodyHereWrote() throws Exception {
        FakeGcsServer storage = fakeGcsServer();
        GoogleShop google = shop(storage.address());

        assertSucceeds(google, run(google, "job=predict"));

        String report = run(google, "report").output();
        assertThat(report).contains("\"project\" : \"" + GoogleShop.PROJECT, "\"location\" : \"" + GoogleShop.LOCATION);
        assertThat(google.bigQuery().count(ServedJob.Kind.LOAD)).isEqualTo(1);
    }

    @Test
    void throughABucketThatIsMounted() throws Exception {
        FakeGcsServer storage = fakeGcsServer();
        Mount mounted = opened(Mount.gcsfuse(storage.address(), "results", folder.resolve("mount")));
        GoogleShop google = shop(storage.address());

        assertSucceeds(google, run(google, "job=predict", "--modelbatch.gcp.mounts.results=" + mounted.folder()));
    }

    @Test
    void noDamagedShardIsLoaded() throws Exception {
        GoogleShop google = shop(storageServer().address());
        commands.job("predict", PREDICT.replace("shop.answers", "later.answers"));
        Ended first = run(google, "job=predict"); // there is no such dataset yet
        assertThat(first.exit()).as(first.words()).isNotZero();
        google.bigQuery().dataset("later", GoogleShop.LOCATION);
        ObjectStore store = google.store();
        ObjectUri shard = store.list(ObjectUri.parse("gs://results/0")).stream()
                .map(StoredObject::uri)
                .filter(uri -> uri.fileName().endsWith(".parquet"))
                .findFirst()
                .orElseThrow();
        byte[] whole = store.read(shard);
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;

        store.replace(shard, flipped, store.find(shard));
        assertNotLoaded(google, run(google, "job=predict"), shard, "damaged");
        store.delete(shard);
        assertNotLoaded(google, run(google, "job=predict"), shard, "missing");

        store.replace(shard, whole, Optional.empty());
        Ended last = run(google, "job=predict");
        assertThat(last.exit()).as(last.words()).isZero();
        assertThat(byId(google.rows("later.answers")).keySet()).isEqualTo(expected.keySet());
    }

    private static void assertNotLoaded(GoogleShop google, Ended run, ObjectUri shard, String damage) {
        assertThat(run.exit()).as(run.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(run.words()).contains(shard.toString(), damage, "again=true");
        assertThat(google.bigQuery().count(ServedJob.Kind.LOAD))
                .as("the load that found no dataset")
                .isEqualTo(1);
    }

    @Test
    void withEveryFaultAtOneCallInTwenty() throws Exception {
        StorageServer storage = storageServer();
        GoogleShop google = shop(storage.address());
        storage.failOneOf(20);
        google.bigQuery().faults(0.05, 12, BigQueryServer.Fault.values());

        Ended run = run(google, "job=predict");
        for (int attempt = 1; run.exit() == 1 && attempt < 5; attempt++) {
            run = run(google, "job=predict");
        }

        storage.failOneOf(Integer.MAX_VALUE);
        google.bigQuery().faults(0, 0);
        assertSucceeds(google, run);
        assertThat(storage.injected()).isNotEmpty();
        assertThat(google.bigQuery().injected()).isNotEmpty();
    }

    @Test
    void aReadSessionMayExpireInMidRun() throws Exception {
        GoogleShop google = shop(storageServer().address());
        google.bigQuery().order(BigQueryServer.Fault.SESSION_EXPIRED);

        assertSucceeds(google, run(google, "job=predict"));

        assertThat(google.bigQuery().sessions()).isGreaterThan(3);
    }

    /** Each that grows beyond 6,000 rows costs its own rows alone. */
    @Test
    void aPartitionOutlivesItsSessions() throws Exception {
        assertOutlives(6_000, 10);
    }

    /** Sessions of ten rows; the first is to bring 5,000. */
    @Test
    void aBucketOutlivesItsSession() throws Exception {
        assertOutlives(10, 3);
    }

    /** One partition of some copies of the lines, in sessions that end after some rows. */
    private void assertOutlives(long rowsOfSession, int copies) throws Exception {
        GoogleShop google = shop(storageServer().address());
        google.bigQuery()
                .execute("CREATE TABLE shop.many AS SELECT lines.id + " + ROWS
                        + " * range AS id, text FROM shop.lines, range(" + copies + ")");
        google.bigQuery().sessionsBring(rowsOfSession);
        commands.job(
                "predict",
                PREDICT.replace("shop.lines", "shop.many")
                        .replace("partitions: 3", "partitions: 1")
                        .replace("rows: " + BLOCK, "rows: 900"));

        Ended run = run(google, "job=predict");

        assertThat(run.exit()).as(run.words()).isZero();
        assertThat(google.bigQuery().sessions()).isGreaterThan(2);
        Map<Long, List<@Nullable Object>> rows = byId(google.rows("shop.answers"));
        assertThat(rows).hasSize(copies * ROWS);
        assertThat(google.bigQuery().rows("SELECT count(*) FROM shop.answers"))
                .containsExactly(List.of((long) copies * ROWS));
        rows.forEach((id, row) ->
                assertThat(row.get(1)).isEqualTo(expected.get(id % ROWS).get(1)));
    }

    @Test
    void aRunThatGoesOnDaysLaterReadsTheSameRowsOrRefuses() throws Exception {
        GoogleShop google = shop(storageServer().address());
        leaveUnfinished(google);
        google.bigQuery().execute("delete from shop.lines");
        google.bigQuery().expireSessions();

        assertSucceeds(google, run(google, "job=predict"));

        leaveUnfinished(google, "least=1");
        String pinned = String.valueOf(google.bigQuery()
                .rows("select table_name from information_schema.tables where table_schema = 'pinned' order by 1 desc")
                .get(0)
                .get(0));
        Path other = Files.writeString(folder.resolve("other.csv"), "id,text,modelbatch_part\n1,x,0\n");
        google.bigQuery().replaceTable("pinned", pinned, other);

        Ended refused = run(google, "job=predict", "least=1");
        assertThat(refused.exit()).as(refused.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(refused.output()).contains("pinned." + pinned, "again=true");
    }

    @Test
    void pruneRemovesThePinnedTableAndTheRunsFolderAlone() throws Exception {
        StorageServer storage = storageServer();
        GoogleShop google = shop(storage.address());
        assertThat(run(google, "job=predict", "least=1").exit()).isZero();
        leaveUnfinished(google, "least=0");
        List<StoredObject> results = google.store().list(ObjectUri.parse("gs://results/1"));
        List<StoredObject> models = google.store().list(ObjectUri.parse("gs://models/tiny"));
        List<String> pinned = pinned(google);

        Ended dry = run(google, "prune", "older-than=0d");

        assertThat(dry.exit()).as(dry.words()).isZero();
        assertThat(dry.output())
                .containsPattern("predict-1 +COMPLETED .* [1-9][\\d.]* k?B +[1-9][\\d.]* kB")
                .contains("Would be removed: 1 run, ");
        assertThat(pinned(google)).isEqualTo(pinned).hasSize(2);

        storage.failOneOf(3);
        Ended pruned = run(google, "prune", "older-than=0d", "delete=true");
        storage.failOneOf(Integer.MAX_VALUE);

        assertThat(pruned.exit()).as(pruned.words()).isZero();
        assertThat(pruned.output()).contains("Removed: 1 run, ");
        assertThat(pinned(google)).hasSize(1).allMatch(table -> table.startsWith("predict-2-"));
        assertThat(google.store().list(google.runs()))
                .isNotEmpty()
                .allMatch(object -> object.uri().toString().startsWith(google.runs() + "/predict-2-"));
        assertThat(google.store().list(ObjectUri.parse("gs://results/1"))).isEqualTo(results);
        assertThat(google.store().list(ObjectUri.parse("gs://models/tiny"))).isEqualTo(models);
        assertThat(run(google, "job=predict", "least=1").output()).contains("is complete already");

        assertSucceeds(google, run(google, "job=predict", "least=0"));
    }

    @Test
    void aTableThatNothingWasPinnedInIsNotPruned() throws Exception {
        GoogleShop google = shop(storageServer().address());
        assertThat(run(google, "job=predict").exit()).isZero();
        String table = pinned(google).get(0);
        Path other = Files.writeString(folder.resolve("other.csv"), "id\n1\n");
        google.bigQuery().replaceTable("pinned", table, other);

        assertThat(run(google, "prune", "keep=0", "delete=true").output()).contains("Removed: 1 run, ");

        assertThat(pinned(google)).containsExactly(table);
    }

    @Test
    void whatMayNotBeRemovedIsToldWithTheRole() throws Exception {
        GoogleShop google = shop(storageServer().address());
        assertThat(run(google, "job=predict").exit()).isZero();
        google.bigQuery().deny(BigQueryServer.Permission.DELETE_TABLES);

        Ended refused = run(google, "prune", "keep=0", "delete=true");

        assertThat(refused.exit()).as(refused.words()).isEqualTo(1);
        assertThat(refused.output())
                .contains("failed: The table " + GoogleShop.PROJECT + ".pinned.predict-1-", "roles/bigquery.dataEditor")
                .doesNotContain("Exception");
        google.bigQuery().allowAll();
        Ended pruned = run(google, "prune", "keep=0", "delete=true");
        assertThat(pruned.exit()).as(pruned.words()).isZero();
        assertThat(pinned(google)).isEmpty();
    }

    private static List<String> pinned(GoogleShop google) throws Exception {
        return google
                .bigQuery()
                .rows("select table_name from information_schema.tables where table_schema = 'pinned' order by 1")
                .stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }

    /** After an inference it would have been too late. */
    @Test
    void aTableThatDoesNotTakeTheResultIsToldBeforeARowIsComputed() throws Exception {
        GoogleShop google = shop(storageServer().address());
        google.bigQuery().execute("CREATE TABLE shop.answers (id BIGINT, answer VARCHAR, score DOUBLE)");

        Ended run = run(google, "job=predict");

        assertThat(run.exit()).as(run.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(run.words())
                .contains(
                        "does not fit the columns of table shop.answers",
                        "no column 'label', which would be STRING",
                        "ALTER TABLE");
        assertThat(google.store().list(ObjectUri.parse("gs://results/0"))).isEmpty();

        google.bigQuery().execute("ALTER TABLE shop.answers ADD COLUMN label VARCHAR");
        assertThat(run(google, "job=predict").exit()).isZero();
        assertThat(google.bigQuery().rows("SELECT count(label), count(answer) FROM shop.answers"))
                .containsExactly(List.of((long) ROWS, 0L));
    }

    @Test
    void aLoadThatMayNotAskForItsBucketNamesTheRole() throws Exception {
        StorageServer storage = storageServer();
        GoogleShop google = shop(storage.address());
        storage.existing("results").deny(ServedBucket.Permission.GET_BUCKET);

        Ended run = run(google, "job=predict");

        assertThat(run.exit()).as(run.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(run.output()).contains("storage.buckets.get", "roles/storage.legacyBucketReader");
    }

    /** A model that is not there stops the run after its rows are pinned. */
    private void leaveUnfinished(GoogleShop google, String... more) throws Exception {
        commands.job("predict", PREDICT.replace("gs://models/tiny", "gs://models/later"));
        Ended run = run(
                google, Stream.concat(Stream.of("job=predict"), Stream.of(more)).toArray(String[]::new));
        assertThat(run.exit()).as(run.words()).isEqualTo(FAILED_FOR_GOOD);
        commands.job("predict", PREDICT);
    }

    private void assertSucceeds(GoogleShop google, Ended run) throws Exception {
        assertThat(run.exit()).as(run.words()).isZero();
        Map<Long, List<@Nullable Object>> rows = byId(google.rows("shop.answers"));
        assertThat(rows.keySet()).isEqualTo(expected.keySet());
        rows.forEach((id, row) -> {
            List<@Nullable Object> same = expected.get(id);
            assertThat(row.get(1)).isEqualTo(same.get(1));
            assertThat((Double) row.get(2)).isCloseTo((Double) same.get(2), within(1e-5));
        });
    }

    private Ended run(GoogleShop google, String... arguments) {
        return commands.run(
                Stream.concat(Stream.of(arguments), google.arguments()).toArray(String[]::new));
    }

    private GoogleShop shop(URI storage) throws Exception {
        GoogleShop google = opened(GoogleShop.open(folder, storage, Map.of()));
        google.table("shop.lines", lines);
        google.model("models/tiny", Fixture.named("bert-classification").model());
        return google;
    }

    private FakeGcsServer fakeGcsServer() throws Exception {
        FakeGcsServer storage = opened(FakeGcsServer.start());
        for (String bucket : GoogleShop.BUCKETS) {
            storage.bucket(bucket);
        }
        return storage;
    }

    private StorageServer storageServer() throws IOException {
        StorageServer storage = opened(StorageServer.start(folder.resolve("storage")));
        GoogleShop.BUCKETS.forEach(storage::bucket);
        return storage;
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    private static Map<Long, List<@Nullable Object>> byId(List<List<@Nullable Object>> rows) {
        Map<Long, List<@Nullable Object>> byId = new HashMap<>();
        for (List<@Nullable Object> row : rows) {
            assertThat(byId.put((Long) row.get(0), row))
                    .as("row " + row.get(0) + " occurs twice")
                    .isNull();
        }
        return byId;
    }
}
