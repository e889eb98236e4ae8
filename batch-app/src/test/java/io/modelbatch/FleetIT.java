package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.DisturbedFleet.Disturbance;
import io.modelbatch.report.ReportSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Disturbs runs that a manager and four workers share: their processes are killed, stopped and suspended, and their database is restarted. Each run
 * must end with the rows of one process. Runs follow each other for {@code -Dminutes=N}; {@code -Dseed=N} chooses what happens. With
 * {@code -Dsynchronous-commit=off} the database loses its last commits when it crashes.
 */
class FleetIT {
    private static final int MINUTES = Integer.getInteger("minutes", 0);
    private static final long SEED = Long.getLong("seed", 20_261_129);
    private static final int PARTITIONS = 64;
    private static final int BLOCK = 10;
    private static final int ROWS = PARTITIONS * BLOCK * (MINUTES > 0 ? 10 : 6);
    /** Of a worker, and of the manager's process where it executes some itself. */
    private static final int AT_A_TIME = 2;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern SHARD = Pattern.compile(".*-(\\d{5})-\\d{6,}-\\d+\\.parquet");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final Random random = new Random(SEED);
    private final Map<Disturbance, Integer> all = new EnumMap<>(Disturbance.class);
    private CommandLine shop;
    private String database;

    @Test
    void noDisturbanceLosesOrDoublesARow() throws Exception {
        System.out.printf("FleetIT: seed %d, %d minutes, in %s%n", SEED, MINUTES, folder);
        shop = new CommandLine(folder)
                .job("predict", """
                        parameters: { n: { type: int64 } }
                        steps:
                          - extract: { query: "SELECT id, text FROM shop.lines WHERE @n >= 0", key: id, partitions: %d }
                          - infer:
                              model: gs://models/tiny
                              task: text-classification
                              text: text
                              to: gs://results/${n}
                              block: { rows: %d }
                        """.formatted(PARTITIONS, BLOCK))
                .table(
                        "shop.lines",
                        IntStream.range(0, ROWS)
                                .mapToObj(row -> row + "," + SmallShop.text(random))
                                .collect(Collectors.joining("\n", "id,text\n", "\n")))
                .classifier("models/tiny");
        try (PostgresServer server = PostgresServer.start(
                folder.resolve("postgresql"), Map.of("synchronous_commit", DisturbedFleet.SYNCHRONOUS_COMMIT))) {
            database = server.newDatabase();
            try (Fleet fleet = new Fleet(folder, database, CrashingBatch.class)) {
                Fleet.Member alone = fleet.manager("local", "job=predict", "n=0");
                assertThat(alone.await()).as(fleet.output()).isZero();
                Map<Long, List<Object>> expected = AnsweredRows.in(result(0));
                assertThat(expected).hasSize(ROWS);
                disturb(new DisturbedFleet(fleet, server, random), fleet, expected);
            }
        }
    }

    private void disturb(DisturbedFleet disturbed, Fleet fleet, Map<Long, List<Object>> expected) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        int n = 0;
        try {
            do {
                n++;
                Files.deleteIfExists(folder.resolve(CrashingBatch.UPLOADS));
                Map<Disturbance, Integer> before = disturbed.counts();
                disturbed.complete(drawn(), random.nextInt(4) == 0 ? "both" : "remote", "job=predict", "n=" + n);
                Map<Disturbance, Integer> here = disturbed.counts();
                before.forEach((what, times) -> here.merge(what, -times, Integer::sum));
                verify(n, fleet, expected, here);
                here.forEach((what, times) -> all.merge(what, times, Integer::sum));
            } while (System.nanoTime() < end);
        } catch (Throwable e) {
            throw new AssertionError("run " + n + ", seed " + SEED + ", in " + folder + "\n" + disturbed.history(), e);
        }
        System.out.printf("FleetIT: %d runs, %s; seed %d%n%s", n, all, SEED, disturbed.history());
    }

    /** The database twice, and a few or many of the others. */
    private List<Disturbance> drawn() {
        List<Disturbance> drawn = new ArrayList<>();
        if (MINUTES == 0) {
            drawn.addAll(List.of(
                    Disturbance.KILL_WORKER,
                    Disturbance.STOP_WORKER,
                    Disturbance.SUSPEND_WORKER,
                    Disturbance.KILL_MANAGER,
                    Disturbance.CRASH_DATABASE));
        } else {
            drawn.addAll(List.of(Disturbance.RESTART_DATABASE, Disturbance.CRASH_DATABASE));
            int others = 6 + random.nextInt(14);
            for (int i = 0; i < others; i++) {
                Disturbance[] kinds = Disturbance.values();
                drawn.add(kinds[random.nextInt(kinds.length - 2)]);
            }
        }
        Collections.shuffle(drawn, random);
        return drawn;
    }

    private void verify(int n, Fleet fleet, Map<Long, List<Object>> expected, Map<Disturbance, Integer> disturbances)
            throws Exception {
        Set<String> ledger = ledger(n);
        JsonNode manifest = JSON.readTree(result(n).resolve("manifest.json").toFile());
        assertThat(StreamSupport.stream(manifest.path("shards").spliterator(), false)
                        .map(shard -> shard.path("name").asString()))
                .containsExactlyInAnyOrderElementsOf(ledger);
        awaitNoOrphans(n, ledger);
        assertThat(AnsweredRows.in(result(n))).isEqualTo(expected);
        assertThat(fleet.number("select count(*) from MODELBATCH_TASK")).isZero();
        assertThat(fleet.number("select count(*) from MODELBATCH_DISPATCH")).isZero();
        assertThat(fleet.number("select count(*) from MODELBATCH_LEASE")).isZero();
        assertThat(fleet.number("select count(*) from BATCH_STEP_EXECUTION where STATUS in ('STARTING', 'STARTED')"))
                .isZero();
        assertThat(fleet.number("select count(*) from BATCH_JOB_EXECUTION where STATUS in ('STARTING', 'STARTED')"))
                .isZero();
        ReportSchema.requireValid(shop.bucket("modelbatch/runs"));
        assertRecomputed(ledger, disturbances);
    }

    /** A block that was uploaded and is not in the ledger was computed again. One that died before its upload cost no more. */
    private void assertRecomputed(Set<String> ledger, Map<Disturbance, Integer> disturbances) throws Exception {
        Map<String, Integer> again = new HashMap<>();
        int uploads = 0;
        for (String upload : Files.readAllLines(folder.resolve(CrashingBatch.UPLOADS))) {
            String name = upload.substring(upload.lastIndexOf('/') + 1);
            uploads++;
            if (!ledger.contains(name)) {
                Matcher matcher = SHARD.matcher(name);
                assertThat(matcher.matches()).as(name).isTrue();
                again.merge(matcher.group(1), 1, Integer::sum);
            }
        }
        int incidents =
                disturbances.values().stream().mapToInt(Integer::intValue).sum();
        int most = disturbances.entrySet().stream()
                .mapToInt(each -> each.getValue() * cost(each.getKey()))
                .sum();
        System.out.printf(
                "FleetIT: %d blocks, %d uploads, at most %d more for %s%n", ledger.size(), uploads, most, disturbances);
        assertThat(again.values()).as(again.toString()).allMatch(times -> times <= incidents);
        assertThat(uploads - ledger.size()).as(again.toString()).isLessThanOrEqualTo(most);
    }

    /** Blocks: one for each partition that is executed where it happens. */
    private static int cost(Disturbance disturbance) {
        return disturbance.isOfManager() || disturbance.isOfDatabase() ? 5 * AT_A_TIME : AT_A_TIME;
    }

    private Set<String> ledger(int n) throws Exception {
        Set<String> names = new HashSet<>();
        try (var connection = DriverManager.getConnection(database, "postgres", "postgres");
                var statement = connection.createStatement();
                var found = statement.executeQuery("select s.OBJECT_NAME from MODELBATCH_SHARD s"
                        + " join BATCH_JOB_EXECUTION e on e.JOB_INSTANCE_ID = s.JOB_INSTANCE_ID"
                        + " join BATCH_JOB_EXECUTION_PARAMS p on p.JOB_EXECUTION_ID = e.JOB_EXECUTION_ID"
                        + " where p.PARAMETER_NAME = 'n' and p.PARAMETER_VALUE = '" + n
                        + "' group by s.OBJECT_NAME")) {
            while (found.next()) {
                names.add(found.getString(1));
            }
        }
        return names;
    }

    /** Only what the manifest lists. A process that was suspended while it uploaded removes that when it wakes up. */
    private void awaitNoOrphans(int n, Set<String> ledger) throws Exception {
        Set<String> expected = new HashSet<>(ledger);
        expected.add("manifest.json");
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        Set<String> there;
        do {
            try (Stream<Path> files = Files.walk(result(n))) {
                there = files.filter(Files::isRegularFile)
                        .map(file -> result(n).relativize(file).toString())
                        .collect(Collectors.toSet());
            }
            if (there.equals(expected)) {
                return;
            }
            Thread.sleep(200);
        } while (System.nanoTime() < end);
        assertThat(there).isEqualTo(expected);
    }

    private Path result(int n) {
        return shop.bucket("results/" + n);
    }
}
