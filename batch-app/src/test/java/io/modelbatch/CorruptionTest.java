package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.result.Manifest;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * Damages a file of each kind that runs leave and read, between a kill or a failure and the resume, and before a new run. Whatever
 * happens to it: a run that ends with exit code 0 has delivered the rows, or learned the weights, of an undisturbed run. As many damages
 * as {@code -Dcorruptions=N} says, chosen by {@code -Dseed=N}.
 */
class CorruptionTest {
    private static final int CORRUPTIONS = Integer.getInteger("corruptions", 16);
    private static final long SEED = Long.getLong("seed", 20_261_128);
    private static final int KILLED = 137;
    private static final int ROWS = 600;
    private static final int TRIALS_OF_A_STATE = 8;
    /** A damaged job repository is tried for seconds otherwise. */
    private static final String ONE_TRY = "--spring.datasource.hikari.initialization-fail-timeout=1";

    private static final String PREDICT = """
            parameters:
              n: { type: int64 }
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines WHERE @n >= 0", key: id, partitions: 3 }
              - infer:
                  model: gs://models/learned@latest
                  task: text-classification
                  text: text
                  to: gs://results/${n}
                  rejects: { max: 20 }
                  block: { rows: 40 }
              - load: { table: shop.answers }
            """;

    /** The role of a file in a run. */
    private enum Kind {
        PINNED("pinned/.*", Owner.RUN),
        SHARD("buckets/results/.*[.]parquet", Owner.RUN),
        REJECTS("buckets/results/.*[.]jsonl", Owner.RUN),
        MANIFEST("buckets/results/.*/(manifest[.]json|modelbatch[.]lock)", Owner.RUN),
        CHECKPOINT("buckets/modelbatch/runs/.*/checkpoint-.*", Owner.RUN),
        TRAINED_MODEL("buckets/modelbatch/runs/.*/model-.*", Owner.RUN),
        PUBLISHED_MODEL("buckets/models/learned/.*", Owner.ALL_RUNS),
        CACHED_MODEL("cache/(models|sources)/.*", Owner.ALL_RUNS),
        CACHED_ARCHIVE("cache/archives/.*", Owner.ALL_RUNS),
        REPOSITORY("repository/.*[.]mv[.]db", Owner.ALL_RUNS);

        private final String pattern;
        private final Owner owner;

        Kind(String pattern, Owner owner) {
            this.pattern = pattern;
            this.owner = owner;
        }
    }

    /** Whose a file is: files of complete runs do not matter to the next one. */
    private enum Owner {
        RUN,
        ALL_RUNS
    }

    /** The damage of a file. */
    private enum Damage {
        FLIP,
        ZEROES,
        TRUNCATE,
        EMPTY,
        DELETE,
        COPY_OF_A_SIBLING,
        SWAP_WITH_A_SIBLING
    }

    /**
     * Files of the local environment at a moment.
     *
     * @param what how they came to be
     * @param job the job that is started next
     * @param n its parameter
     */
    private record State(Path files, String what, String job, int n) {}

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private CommandLine shop;
    private ObjectStore store;
    private Path states;
    private Path complete;
    private List<List<@Nullable Object>> expectedRows;
    private byte[] expectedWeights;

    @BeforeEach
    void open() throws Exception {
        String lines = IntStream.range(0, ROWS)
                .mapToObj(id -> id + "," + (id < 10 ? "" : SmallShop.text(random)) + ","
                        + SmallShop.LABELS.get(random.nextInt(SmallShop.LABELS.size())))
                .collect(Collectors.joining("\n", "id,text,label\n", "\n"));
        Path home = Files.createDirectory(folder.resolve("shop"));
        states = Files.createDirectory(folder.resolve("states"));
        shop = new CommandLine(home)
                .job("predict", PREDICT)
                .job("learn", SmallShop.train("id > 20 AND id < 200 AND @n >= 0", 5, "to: gs://models/learned"))
                .table("shop.lines", lines)
                .classifier("models/tiny");
        store = ObjectStores.folder(home.resolve("local/buckets"));
        succeed("job=learn", "n=0");
        expectedWeights = learnedWeights();
        succeed("job=predict", "n=0");
        expectedRows = loadedRows();
        assertThat(expectedRows).hasSize(ROWS - 10);
    }

    @Test
    void noDamageMakesAWrongRow() throws Exception {
        complete = snapshot("complete");
        List<String> wrong = new ArrayList<>();
        int trials = 0;
        for (int n = 1; trials < CORRUPTIONS; n++) {
            State state = state(n);
            for (int i = 0; i < TRIALS_OF_A_STATE && trials < CORRUPTIONS; i++, trials++) {
                trial(state, wrong);
            }
            if (!state.files().equals(complete)) {
                FileSystemUtils.deleteRecursively(state.files());
            }
        }
        System.out.println("CorruptionTest: " + trials + " damages, seed " + SEED);
        outcomes.forEach((outcome, count) -> System.out.println("  " + outcome + ": " + count));
        assertThat(wrong).isEmpty();
    }

    /** In turn a killed prediction, a new one, a killed training, and a prediction that failed before its load. */
    private State state(int n) throws Exception {
        restore(complete);
        if (n % 4 == 2) {
            return new State(complete, "before a new run", "predict", n);
        }
        if (n % 4 == 0) {
            shop.table("shop.answers", "id,label,score\n");
            Files.move(answers(), folder.resolve("answers"));
            assertThat(shop.run("job=predict", "n=" + n).words()).contains("answers.csv");
            Files.delete(answers().resolveSibling("answers.csv"));
            Files.move(folder.resolve("answers"), answers());
            return new State(snapshot("failed-" + n), "failed before load", "predict", n);
        }
        String job = n % 4 == 1 ? "predict" : "learn";
        while (true) {
            CrashPoint point = CrashPoint.values()[random.nextInt(CrashPoint.values().length)];
            String moment = point + ":" + (1 + random.nextInt(point.often()));
            if (killed(moment, "job=" + job, "n=" + n)) {
                return new State(snapshot(job + "-" + n), "killed at " + moment, job, n);
            }
            restore(complete);
        }
    }

    private void trial(State state, List<String> wrong) throws Exception {
        restore(state.files());
        String damage = damage(state);
        Ended ended = shop.run("job=" + state.job(), "n=" + state.n(), ONE_TRY);
        String trial = state.job() + " " + state.what() + ", then " + damage;
        String problem = ended.exit() == 0 ? wrongResult(state) : wrongWords(ended, damage);
        outcomes.merge(
                damage.substring(0, damage.indexOf(' ')) + (ended.exit() == 0 ? " right" : " refused"),
                1,
                Integer::sum);
        if (!problem.isEmpty()) {
            System.out.println("CorruptionTest: " + trial + ": " + problem);
            wrong.add(trial + ": " + problem);
        }
    }

    /** Damages a file at random; what was done. */
    private String damage(State state) throws IOException {
        Path local = shop.folder().resolve("local");
        while (true) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            List<Path> files = files(local, kind);
            Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
            List<Path> changing = files.stream()
                    .filter(file -> damage != Damage.EMPTY && damage != Damage.TRUNCATE || size(file) > 0)
                    .toList();
            if (changing.isEmpty()) {
                continue;
            }
            Path file = changing.get(random.nextInt(changing.size()));
            List<Path> siblings = files.stream()
                    .filter(other -> !other.equals(file))
                    .filter(other -> suffix(other).equals(suffix(file)))
                    .toList();
            if (apply(damage, file, siblings)) {
                return kind + " " + damage + " of " + local.relativize(file);
            }
        }
    }

    private boolean apply(Damage damage, Path file, List<Path> siblings) throws IOException {
        byte[] content = Files.readAllBytes(file);
        byte[] damaged = content.clone();
        switch (damage) {
            case FLIP -> {
                if (content.length > 0) {
                    damaged[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case ZEROES -> {
                int from = random.nextInt(content.length + 1);
                Arrays.fill(damaged, from, Math.min(content.length, from + 4_096), (byte) 0);
            }
            case TRUNCATE -> damaged = Arrays.copyOf(content, random.nextInt(content.length));
            case EMPTY -> damaged = new byte[0];
            case DELETE -> {
                Files.delete(file);
                return true;
            }
            case COPY_OF_A_SIBLING, SWAP_WITH_A_SIBLING -> {
                if (siblings.isEmpty()) {
                    return false;
                }
                Path sibling = siblings.get(random.nextInt(siblings.size()));
                damaged = Files.readAllBytes(sibling);
                if (damage == Damage.SWAP_WITH_A_SIBLING) {
                    Files.write(sibling, content);
                }
            }
        }
        Files.write(file, damaged);
        return !Arrays.equals(content, damaged);
    }

    private String wrongResult(State state) throws Exception {
        try {
            return state.job().equals("learn") ? wrongWeights() : wrongRows(state.n());
        } catch (IOException | SQLException unreadable) {
            return "left something that cannot be read: " + unreadable.getMessage();
        }
    }

    private String wrongWeights() throws IOException {
        return Arrays.equals(learnedWeights(), expectedWeights) ? "" : "learned other weights";
    }

    private String wrongRows(int n) throws Exception {
        ObjectUri to = ObjectUri.parse("gs://results/" + n);
        Manifest manifest = Manifest.read(store, to);
        manifest.verified(store, to, store.list(to));
        if (manifest.rejected() != 10) {
            return "rejected " + manifest.rejected() + " rows";
        }
        List<List<@Nullable Object>> listed = new ArrayList<>();
        for (var shard : manifest.shards()) {
            listed.addAll(rows(shop.bucket("results/" + n + "/" + shard.name())));
        }
        return difference(listed) + difference(loadedRows());
    }

    private String difference(List<List<@Nullable Object>> rows) {
        List<List<@Nullable Object>> sorted = sorted(rows);
        if (sorted.size() != expectedRows.size()) {
            return "has " + sorted.size() + " rows instead of " + expectedRows.size() + "; ";
        }
        for (int i = 0; i < sorted.size(); i++) {
            List<@Nullable Object> row = sorted.get(i);
            List<@Nullable Object> expected = expectedRows.get(i);
            boolean same = row.subList(0, 2).equals(expected.subList(0, 2))
                    && Math.abs((Double) row.get(2) - (Double) expected.get(2)) < 1e-5;
            if (!same) {
                return "has the row " + row + " instead of " + expected + "; ";
            }
        }
        return "";
    }

    /** A refusal is for a person. What becomes of a damaged database its own words say. */
    private static String wrongWords(Ended ended, String damage) {
        boolean forAPerson = ended.words()
                .lines()
                .noneMatch(line -> line.matches(".*\\b[a-z]+([.][a-z]+)+[.][A-Z]\\w*(Exception|Error)\\b.*"));
        return forAPerson || damage.startsWith(Kind.REPOSITORY.name()) ? "" : ended.words();
    }

    private List<List<@Nullable Object>> loadedRows() throws Exception {
        return sorted(rows(answers()));
    }

    private Path answers() {
        return shop.folder().resolve("local/warehouse/shop/answers.parquet");
    }

    private static List<List<@Nullable Object>> rows(Path parquet) throws Exception {
        return AnsweredRows.read(parquet.toString());
    }

    private static List<List<@Nullable Object>> sorted(List<List<@Nullable Object>> rows) {
        return rows.stream()
                .sorted((one, other) -> Long.compare((Long) one.get(0), (Long) other.get(0)))
                .toList();
    }

    /** Of the version that was published last. */
    private byte[] learnedWeights() throws IOException {
        try (Stream<Path> versions = Files.list(shop.bucket("models/learned"))) {
            Path newest = versions.filter(
                            version -> version.getFileName().toString().startsWith("learn-"))
                    .max((one, other) -> Long.compare(number(one), number(other)))
                    .orElseThrow();
            return Files.readAllBytes(newest.resolve("model.safetensors"));
        }
    }

    private static long number(Path version) {
        return Long.parseLong(version.getFileName().toString().split("-")[1]);
    }

    private void succeed(String... words) {
        Ended ended = shop.run(words);
        assertThat(ended.exit()).as(ended.words()).isZero();
    }

    /** True if the run was killed, and did not end before that. */
    private boolean killed(String moment, String... words) throws Exception {
        Path output = folder.resolve("output.log");
        List<String> command = new ArrayList<>(List.of(
                QuickStart.JAVA.toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath(),
                CrashingBatch.class.getName()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(shop.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put(CrashPoint.VARIABLE, moment);
        builder.environment()
                .put("MODELBATCH_LOCAL_HOME", shop.folder().resolve("local").toString());
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isIn(0, KILLED);
        return process.exitValue() == KILLED;
    }

    private static String classPath() {
        String given = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(given.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Path snapshot(String name) throws IOException {
        Path target = states.resolve(name);
        FileSystemUtils.copyRecursively(shop.folder().resolve("local"), target);
        return target;
    }

    private void restore(Path state) throws IOException {
        Path local = shop.folder().resolve("local");
        FileSystemUtils.deleteRecursively(local);
        FileSystemUtils.copyRecursively(state, local);
    }

    private List<Path> files(Path local, Kind kind) throws IOException {
        try (Stream<Path> all = Files.walk(local)) {
            return all.filter(Files::isRegularFile)
                    .filter(file ->
                            kind.owner == Owner.ALL_RUNS || !Files.exists(complete.resolve(local.relativize(file))))
                    .filter(file -> local.relativize(file).toString().matches(kind.pattern))
                    .sorted()
                    .toList();
        }
    }

    private static String suffix(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
