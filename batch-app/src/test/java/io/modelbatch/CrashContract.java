package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelbatch.model.Fixture;
import io.modelbatch.report.ReportSchema;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Kills processes at named points and at random times, types the same command until the run is complete, and compares its result
 * with that of a run that was never disturbed. As many kills as {@code -Dkills=N} says, chosen by {@code -Dseed=N}.
 */
abstract class CrashContract {
    private static final int KILLS = Integer.getInteger("kills", 5);
    private static final long SEED = Long.getLong("seed", 20_261_124);
    private static final int KILLED = 137;
    private static final int ROWS = 3_000;
    private static final int AT_MOST_A_RUN = 4;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String PREDICT = """
            parameters:
              n: { type: int64 }
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines WHERE @n >= 0", key: id, partitions: PARTITIONS }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  to: gs://results/${n}
                  block: { rows: BLOCK }
              - load: { table: shop.answers }
            """;

    private static final int UNITS = 20;

    private static final String PROGRAM = """
            parameters:
              n: { type: int64 }
            steps:
              - command:
                  run: [sh, count.sh, "${n}", WORK]
                  directory: WORK/program
                  outputs: gs://results/${n}
                  files: [lines]
            """;

    /** Each unit of work is told outside of the workspace, too. */
    private static final String COUNT = """
            exec 9>>"$2/lock"
            flock -n 9 || echo twice at a time >> "$2/units-$1"
            touch lines
            while [ "$(wc -l < lines)" -lt 20 ]; do
              next=$(($(wc -l < lines) + 1))
              sleep 0.1
              echo $next >> "$2/units-$1"
              echo $next >> lines
            done
            """;

    private static final int REVIEWS = 400;
    private static final double SURE = 0.3;
    private static final String TRANSFORM = """
            parameters:
              n: { type: int64 }
            steps:
              - extract: { query: "SELECT id, text FROM shop.reviews WHERE @n >= 0", key: id, partitions: PARTITIONS }
              - split-sentences: { text: text, to: "gs://results/sentences-${n}", rejects: { max: 200 }, block: { rows: BLOCK } }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: sentence
                  to: gs://results/answers-${n}
                  block: { rows: BLOCK }
              - keep-confident: { score: 0.3, to: "gs://results/kept-${n}", block: { rows: BLOCK } }
              - load: { table: shop.sure }
            """;

    /** The tables and models of runs, in a folder of the test. */
    interface Shop {
        /** The environment variables that say where it all is. */
        Map<String, String> environment();

        void table(String name, String csv) throws Exception;

        void model(String path, Path directory) throws Exception;

        ObjectStore store();

        /** The folder of runs. */
        ObjectUri runs();

        /** The rows of a table: id, label, score. */
        List<List<@Nullable Object>> rows(String table) throws Exception;
    }

    /** Makes one that nothing was done in. */
    abstract Shop shop(Path folder) throws Exception;

    /** Before each run: makes it harder, if that is possible there. True where rows may be computed again without a kill. */
    boolean disturb(Random choices) {
        return false;
    }

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private final Map<CrashPoint, Integer> atPoints = new EnumMap<>(CrashPoint.class);
    private int atRandomTimes;
    private Shop shop;

    @BeforeEach
    void open() throws Exception {
        String lines = IntStream.range(0, ROWS)
                .mapToObj(id -> id + "," + SmallShop.text(random) + ","
                        + SmallShop.LABELS.get(random.nextInt(SmallShop.LABELS.size())))
                .collect(Collectors.joining("\n"));
        shop = shop(folder);
        shop.table("shop.lines", "id,text,label\n" + lines + "\n");
        shop.model("models/tiny", Fixture.named("bert-classification").model());
    }

    @Test
    void noKillLosesDoublesOrCorruptsARow() throws Exception {
        job("predict", predict(1, 1_000));
        succeed("job=predict", "n=0");
        Map<Object, Row> expected = rows(0);

        for (int n = 1; kills() < KILLS; n++) {
            int partitions = 1 + random.nextInt(4);
            job("predict", predict(partitions, 40 + random.nextInt(400)));
            Files.deleteIfExists(folder.resolve(CrashingBatch.UPLOADS));
            boolean recomputes = disturb(random);

            int crashes = killAgainAndAgain(CrashPoint.IN_CHECKPOINT, "job=predict", "n=" + n);
            succeed("job=predict", "n=" + n);

            assertSameRows(rows(n), expected);
            assertSameRows(loaded(), expected);
            if (!recomputes) {
                assertThat(uploads() - shards(n))
                        .as("blocks computed twice in run " + n)
                        .isLessThanOrEqualTo((long) crashes * partitions);
            }
            assertThat(shop.store().list(result(n))).hasSize((int) shards(n) + 1);
            JsonNode figures = figures("predict", n, "infer");
            JsonNode counted = figures.path("distributions");
            assertThat(sum(counted.path("labels"))).as(figures.toString()).isEqualTo(ROWS);
            assertThat(sum(counted.path("lengths").path("counts"))).isEqualTo(ROWS);
        }
        tell("predictions");
    }

    /** Rows become sentences, which go through a model, and some answers are kept: each of these steps may be killed at any point. */
    @Test
    void noKillLosesOrDoublesARowThatIsTransformed() throws Exception {
        ExtensionJar.put(folder);
        shop.table(
                "shop.reviews",
                IntStream.range(0, REVIEWS)
                        .mapToObj(id -> id + "," + sentences(random.nextInt(5)))
                        .collect(Collectors.joining("\n", "id,text\n", "\n")));
        job("reviews", transform(2, 200));
        succeed("job=reviews", "n=0");
        Map<Object, Row> expected = rows(named("answers", 0));

        for (int n = 1; kills() < Math.max(1, KILLS / 5); n++) {
            job("reviews", transform(1 + random.nextInt(3), 20 + random.nextInt(60)));
            disturb(random);
            killAgainAndAgain(CrashPoint.IN_CHECKPOINT, "job=reviews", "n=" + n);
            succeed("job=reviews", "n=" + n);

            Map<Object, Row> answers = rows(named("answers", n));
            assertSameRows(answers, expected);
            Map<Object, Row> sure = new HashMap<>(answers);
            sure.values().removeIf(row -> row.score < SURE);
            assertThat(sure).isNotEmpty().hasSizeLessThan(answers.size());
            assertThat(rows(named("kept", n))).isEqualTo(sure);
            assertThat(loaded("shop.sure")).isEqualTo(sure);
        }
        tell("transforms");
    }

    private String sentences(int number) {
        return IntStream.range(0, number)
                .mapToObj(sentence -> SmallShop.text(random) + ".")
                .collect(Collectors.joining(" "));
    }

    private static ObjectUri named(String step, int n) {
        return ObjectUri.parse("gs://results/" + step + "-" + n);
    }

    @Test
    void noKillChangesWhatIsLearned() throws Exception {
        job("learn", SmallShop.train("id < 400 AND @n >= 0", 5, "to: \"gs://models/learned-${n}\""));
        succeed("job=learn", "n=0");
        byte[] expected = weights(0);

        for (int n = 1; kills() < KILLS / 5; n++) {
            disturb(random);
            killAgainAndAgain(CrashPoint.BEFORE_MANIFEST, "job=learn", "n=" + n);
            succeed("job=learn", "n=" + n);

            assertThat(weights(n)).isEqualTo(expected);
            assertThat(figures("learn", n, "train").path("curve"))
                    .isNotEmpty()
                    .isEqualTo(figures("learn", 0, "train").path("curve"));
            assertThat(shop.store().sizes(shop.runs()).keySet())
                    .extracting(ObjectUri::toString)
                    .noneMatch(object -> object.contains("/checkpoint-") || object.contains("optimizer"))
                    .filteredOn(object -> object.endsWith("/model.safetensors"))
                    .hasSize(n + 1);
        }
        tell("trainings");
    }

    /** A program that remembers its work in its workspace loses at most a unit with each kill, and never runs twice at a time. */
    @Test
    void noKillLosesTheWorkOfAProgram() throws Exception {
        Path work = folder.resolve("work");
        Files.writeString(Files.createDirectories(work.resolve("program")).resolve("count.sh"), COUNT);
        job("count", PROGRAM.replace("WORK", work.toString()));

        for (int n = 1; kills() < Math.max(1, KILLS / 5); n++) {
            disturb(random);
            int crashes = 0;
            while (crashes < 2 && killedAtRandomTime("job=count", "n=" + n)) {
                crashes++;
            }
            succeed("job=count", "n=" + n);

            assertThat(new String(shop.store().read(result(n).child("lines")), StandardCharsets.UTF_8).lines())
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, UNITS)
                            .mapToObj(String::valueOf)
                            .toList());
            List<String> units = Files.readAllLines(work.resolve("units-" + n));
            assertThat(units).doesNotContain("twice at a time").hasSizeBetween(UNITS, UNITS + crashes);
            try (Stream<Path> left = Files.walk(folder.resolve("local/workspaces"))) {
                assertThat(left.skip(1))
                        .as(Files.readString(folder.resolve("local/logs/batch.log")))
                        .isEmpty();
            }
        }
        tell("programs");
    }

    /** Up to a few times, until the run completes by itself; how often it was killed. */
    private int killAgainAndAgain(CrashPoint never, String... command) throws Exception {
        int crashes = 0;
        while (crashes < AT_MOST_A_RUN) {
            CrashPoint point = CrashPoint.values()[random.nextInt(CrashPoint.values().length)];
            boolean killed = random.nextInt(4) == 0 || point == never
                    ? killedAtRandomTime(command)
                    : killedAt(point, 1 + random.nextInt(point.often()), command);
            if (!killed) {
                return crashes;
            }
            crashes++;
        }
        return crashes;
    }

    private boolean killedAt(CrashPoint point, int time, String... command) throws Exception {
        Process process = start(point + ":" + time, command);
        int exit = await(process);
        assertThat(exit).as(output()).isIn(0, KILLED);
        if (exit == KILLED) {
            atPoints.merge(point, 1, Integer::sum);
        }
        return exit == KILLED;
    }

    private boolean killedAtRandomTime(String... command) throws Exception {
        Process process = start("NONE:0", command);
        if (process.waitFor(1_000 + random.nextInt(2_500), TimeUnit.MILLISECONDS)) {
            assertThat(process.exitValue()).as(output()).isZero();
            return false;
        }
        process.destroyForcibly().waitFor();
        atRandomTimes++;
        return true;
    }

    private void succeed(String... command) throws Exception {
        assertThat(await(start("NONE:0", command))).as(output()).isZero();
    }

    private Process start(String crash, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(QuickStart.command(CrashingBatch.class)))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile());
        builder.command().addAll(List.of(command));
        builder.environment().put(CrashPoint.VARIABLE, crash);
        builder.environment().putAll(shop.environment());
        return builder.start();
    }

    private int await(Process process) throws Exception {
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(output()).isTrue();
        return process.exitValue();
    }

    private void tell(String what) {
        System.out.printf(
                "%s: %d kills of %s: %s, %d at random times; seed %d%n",
                getClass().getSimpleName(), kills(), what, atPoints, atRandomTimes, SEED);
    }

    private int kills() {
        return atRandomTimes
                + atPoints.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void job(String name, String yaml) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("job-configs")).resolve(name + ".yaml"), yaml);
    }

    private static String predict(int partitions, int block) {
        return PREDICT.replace("PARTITIONS", String.valueOf(partitions)).replace("BLOCK", String.valueOf(block));
    }

    private static String transform(int partitions, int block) {
        return TRANSFORM.replace("PARTITIONS", String.valueOf(partitions)).replace("BLOCK", String.valueOf(block));
    }

    private record Row(String label, double score) {}

    private static ObjectUri result(int n) {
        return ObjectUri.parse("gs://results/" + n);
    }

    /** The rows of all shards that lie in the result's folder, listed or not. */
    private Map<Object, Row> rows(int n) throws Exception {
        return rows(result(n));
    }

    private Map<Object, Row> rows(ObjectUri result) throws Exception {
        Path shards = Files.createTempDirectory(folder, "shards-");
        for (StoredObject object : shop.store().list(result)) {
            if (object.uri().fileName().endsWith(".parquet")) {
                shop.store().download(object.uri(), shards.resolve(object.uri().fileName()));
            }
        }
        Map<Object, Row> rows = byId(AnsweredRows.read(shards + "/*.parquet"));
        FileSystemUtils.deleteRecursively(shards);
        return rows;
    }

    private Map<Object, Row> loaded() throws Exception {
        return loaded("shop.answers");
    }

    private Map<Object, Row> loaded(String table) throws Exception {
        return byId(shop.rows(table));
    }

    private static Map<Object, Row> byId(List<List<@Nullable Object>> rows) {
        Map<Object, Row> byId = new HashMap<>();
        for (List<@Nullable Object> row : rows) {
            Number score = (Number) row.get(2);
            Row before = byId.put(row.get(0), new Row(String.valueOf(row.get(1)), score.doubleValue()));
            assertThat(before).as("row " + row.get(0) + " occurs twice").isNull();
        }
        return byId;
    }

    private static void assertSameRows(Map<Object, Row> rows, Map<Object, Row> expected) {
        assertThat(rows.keySet()).isEqualTo(expected.keySet());
        rows.forEach((id, row) -> {
            assertThat(row.label).isEqualTo(expected.get(id).label);
            assertThat(row.score).isCloseTo(expected.get(id).score, within(1e-5));
        });
    }

    private long uploads() throws IOException {
        Path uploads = folder.resolve(CrashingBatch.UPLOADS);
        return Files.exists(uploads) ? Files.readAllLines(uploads).size() : 0;
    }

    private long shards(int n) throws IOException {
        JsonNode manifest = JSON.readTree(shop.store().read(result(n).child("manifest.json")));
        assertThat(manifest.path("rows").asLong()).isEqualTo(ROWS);
        return manifest.path("shards").size();
    }

    /** The figures of a step in the report of a complete run. */
    private JsonNode figures(String job, int n, String step) throws IOException {
        for (ObjectUri object : shop.store().sizes(shop.runs()).keySet()) {
            if (object.fileName().equals("report.json")) {
                byte[] content = shop.store().read(object);
                ReportSchema.requireValid(content);
                JsonNode report = JSON.readTree(content);
                if (report.path("job").asString().equals(job)
                        && report.path("parameters").path("n").asString().equals(String.valueOf(n))) {
                    assertThat(report.path("status").asString()).isEqualTo("COMPLETED");
                    return StreamSupport.stream(report.path("steps").spliterator(), false)
                            .filter(each -> each.path("name").asString().equals(step))
                            .findFirst()
                            .orElseThrow()
                            .path("figures");
                }
            }
        }
        throw new AssertionError("no report of " + job + " " + n);
    }

    private static long sum(JsonNode counts) {
        return StreamSupport.stream(counts.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .sum();
    }

    private byte[] weights(int n) throws IOException {
        List<ObjectUri> weights = shop.store().list(ObjectUri.parse("gs://models/learned-" + n)).stream()
                .map(StoredObject::uri)
                .filter(uri -> uri.fileName().equals("model.safetensors"))
                .toList();
        assertThat(weights).hasSize(1);
        return shop.store().read(weights.get(0));
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output.log"));
    }
}
