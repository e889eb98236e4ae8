package io.modelbatch;

import static io.modelbatch.SmallShop.PREDICT_DAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.cli.BatchCommand;
import io.modelbatch.model.Fixture;
import io.modelbatch.store.Crc32c;
import io.modelbatch.store.ObjectStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of old runs are removed, and nothing else. */
class PruneTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int FAILED_FOR_GOOD = 3;
    private static final int HELD = 5;
    private static final String ALL = "older-than=0d";

    @TempDir
    private Path folder;

    private CommandLine shop;

    private final ThreadsLeft threads = new ThreadsLeft();

    @BeforeEach
    void open() {
        shop = SmallShop.open(folder);
    }

    @Test
    void withoutDeleteNothingIsChanged() throws IOException {
        complete("2026-01-01");
        complete("2026-01-02");
        Map<String, String> before = tree();

        Ended ended = shop.run("prune", ALL, "job=predict");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(tree()).isEqualTo(before);
        assertThat(ended.output())
                .containsPattern("predict-1 +COMPLETED +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +[\\d.]+ k?B +[\\d.]+ kB")
                .contains(
                        "Would be removed: 2 runs, ",
                        "Nothing was changed",
                        "java -jar batch.jar prune older-than=0d job=predict delete=true --modelbatch.jobs="
                                + folder.resolve("job-configs"));
    }

    @Test
    void pinnedRowsAndTheRunsFolderGoAndNothingElse() throws IOException {
        complete("2026-01-01");
        complete("2026-01-02");
        Map<String, String> before = tree();
        long bytes = bytesBelow("local/pinned") + bytesBelow("local/buckets/modelbatch/runs");

        JsonNode found = JSON.readTree(shop.run("prune", ALL, "--json").output());
        Ended ended = shop.run("prune", ALL, "delete=true");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("Removed: 2 runs, ");
        Map<String, String> stay = new TreeMap<>(before);
        stay.keySet()
                .removeIf(path -> path.startsWith("local/pinned/") || path.startsWith("local/buckets/modelbatch/runs"));
        assertThat(tree()).isEqualTo(stay);
        assertThat(sum(found, "pinnedBytes") + sum(found, "folderBytes")).isEqualTo(bytes);
        assertThat(shop.run("prune", ALL, "delete=true").output()).contains("Nothing was removed");
    }

    @Test
    void aPrunedRunStaysComplete() throws IOException {
        complete("2026-01-02");
        List<String> result = names("local/buckets/results/2026-01-02");
        shop.run("prune", ALL, "delete=true");

        Ended same = shop.run("job=predict", "day=2026-01-02");

        assertThat(same.exit()).as(same.words()).isZero();
        assertThat(same.output()).contains("is complete already").doesNotContain("step-started", "report.json");
        assertThat(names("local/buckets/results/2026-01-02")).isEqualTo(result);
        assertThat(shop.run("status").output()).containsPattern("predict-1  COMPLETED.*\n  pruned \\d{4}");
        JsonNode status = JSON.readTree(shop.run("status", "--json").output()).path(0);
        assertThat(status.path("pruned").isString()).isTrue();
        assertThat(status.path("steps").path(1).path("rows").asLong()).isEqualTo(3);
        Ended report = shop.run("report", "predict-1");
        assertThat(report.exit()).isEqualTo(USAGE);
        assertThat(report.errors()).contains("predict-1 was pruned").doesNotContain("no report yet");
        assertThat(shop.run("restart", "predict-1").errors()).contains("COMPLETED", "again=true");

        Ended again = shop.run("job=predict", "day=2026-01-02", "again=true");

        assertThat(again.exit()).as(again.words()).isZero();
        assertThat(again.output()).contains("load 3 rows");
    }

    @Test
    void theNewestRunsOfEachJobAreKept() {
        shop.job("other", PREDICT_DAY.replace("results/", "others/").replace("shop.answers", "shop.others"));
        complete("2026-01-01");
        assertThat(shop.run("job=other", "day=2026-01-01").exit()).isZero();
        complete("2026-01-02");

        assertThat(runs("keep=1")).containsExactly("predict-1");
        assertThat(runs("keep=0")).containsExactly("predict-3", "other-2", "predict-1");
        assertThat(runs("keep=0", "job=other")).containsExactly("other-2");
        assertThat(runs("keep=1", "older-than=1h")).isEmpty();
        assertThat(shop.run("prune", "keep=1", "older-than=1d").output()).contains("Nothing would be removed");
    }

    @Test
    void anUnfinishedRunKeepsAllAndIsResumedToTheSameRows() throws Exception {
        complete("2026-01-01");
        leaveUnfinished("2026-01-02");
        shop.table("shop.lines", "id,text,day\n9,soap,2026-01-01\n");
        List<String> pinned = names("local/pinned");

        Ended ended = shop.run("prune", ALL, "keep=0", "delete=true");

        assertThat(ended.output())
                .contains("Removed: 1 run, ", "Unfinished runs keep everything; there is one: predict-2");
        assertThat(names("local/pinned"))
                .isEqualTo(pinned.stream()
                        .filter(name -> name.startsWith("predict-2-"))
                        .toList());
        Ended resumed = shop.run("job=predict", "day=2026-01-02");
        assertThat(resumed.exit()).as(resumed.words()).isZero();
        assertThat(resumed.output()).contains("run-resumed");
        assertThat(new LocalShop(folder, Map.of()).rows("shop.answers"))
                .extracting(row -> row.get(0))
                .containsExactlyInAnyOrder(1L, 2L, 3L);
    }

    @Test
    void anAbandonedRunIsPruned() throws IOException {
        leaveUnfinished("2026-01-02");
        Files.createDirectories(
                folder.resolve("local/pinned/.incoming-" + names("local/pinned").get(0) + ".123"));
        assertThat(runs(ALL)).isEmpty();
        shop.run("abandon", "predict-1");

        Ended ended = shop.run("prune", ALL, "delete=true");

        assertThat(ended.output()).contains("Removed: 1 run, ");
        assertThat(folder.resolve("local/pinned")).isEmptyDirectory();
        assertThat(shop.run("job=predict", "day=2026-01-02").output()).contains("run-started", "predict-2");
    }

    @Test
    void whatAJobFileOrAnUnfinishedRunReadsIsKept() throws IOException {
        complete("2026-01-01");
        String run = names("local/buckets/modelbatch/runs").get(0);
        shop.model(
                "modelbatch/runs/" + run + "/train/model-7",
                Fixture.named("bert-classification").model());
        String address = "gs://modelbatch/runs/" + run + "/train/model-7";

        shop.job("broken", "steps: [ " + address);
        assertThat(shop.run("prune", ALL, "delete=true").output())
                .contains("kept: " + folder.resolve("job-configs/broken.yaml") + " names a file in its folder");

        shop.job("broken", "steps: [ " + shop.bucket("modelbatch/runs/" + run));
        assertThat(shop.run("prune", ALL, "delete=true").output()).contains("Nothing was removed");
        Files.delete(folder.resolve("job-configs/broken.yaml"));

        String direct = PREDICT_DAY
                .replace("gs://models/tiny", "\"gs://modelbatch/runs/${run}/train/model-8\"")
                .replace("  day: { type: date }", "  day: { type: date }\n  run: { type: string }");
        shop.job("direct", direct);
        assertThat(shop.run("job=direct", "day=2026-01-01", "run=" + run).exit())
                .isEqualTo(FAILED_FOR_GOOD);
        Files.delete(folder.resolve("job-configs/direct.yaml"));
        assertThat(shop.run("prune", ALL, "delete=true").output())
                .contains("predict-1 ", "  kept: direct-2 names a file in its folder");
    }

    @Test
    void aLinkIsRemovedAndWhatItLeadsToIsNot() throws IOException {
        complete("2026-01-01");
        Path precious = Files.createDirectories(folder.resolve("precious"));
        Files.writeString(precious.resolve("file"), "content");
        Path run = folder.resolve("local/buckets/modelbatch/runs/"
                + names("local/buckets/modelbatch/runs").get(0));
        Path pinned = folder.resolve("local/pinned/" + names("local/pinned").get(0));
        Files.createSymbolicLink(run.resolve("link"), precious);
        Files.createSymbolicLink(pinned.resolve("link"), precious);
        Files.createSymbolicLink(pinned.resolve("file"), precious.resolve("file"));

        assertThat(shop.run("prune", ALL, "delete=true").exit()).isZero();

        assertThat(run).doesNotExist();
        assertThat(pinned).doesNotExist();
        assertThat(precious.resolve("file")).hasContent("content");
    }

    /** Runs of the same name that began in the same second. */
    @Test
    void runsOfAnotherJobRepositoryHaveTheirOwnFiles() throws Exception {
        String one = "jdbc:h2:file:" + folder.resolve("one/repository");
        String other = "jdbc:h2:file:" + folder.resolve("other/repository");
        assertThat(run(at(one), "job=predict", "day=2026-01-01").exit()).isZero();
        shop.job("predict", PREDICT_DAY.replace("SELECT id", "SELECT it"));
        assertThat(run(at(other), "job=predict", "day=2026-01-02").exit()).isEqualTo(FAILED_FOR_GOOD);
        shop.job("predict", PREDICT_DAY);
        try (Connection from = DriverManager.getConnection(one, "sa", "secret");
                Connection to = DriverManager.getConnection(other, "sa", "secret");
                ResultSet created = from.createStatement().executeQuery("select CREATE_TIME from BATCH_JOB_EXECUTION");
                PreparedStatement change = to.prepareStatement("update BATCH_JOB_EXECUTION set CREATE_TIME = ?")) {
            created.next();
            change.setTimestamp(1, created.getTimestamp(1));
            change.executeUpdate();
        }

        assertThat(run(at(other), "job=predict", "day=2026-01-02").exit()).isZero();
        assertThat(new LocalShop(folder, Map.of()).rows("shop.answers")).hasSize(3);

        assertThat(run(at(other), "prune", ALL, "delete=true").output()).contains("Removed: 1 run");
        assertThat(names("local/pinned")).hasSize(1);
        assertThat(run(at(one), "report").output()).contains("2026-01-01");
    }

    private static String[] at(String repository) {
        return new String[] {
            "--spring.datasource.url=" + repository,
            "--spring.datasource.username=sa",
            "--spring.datasource.password=secret"
        };
    }

    @Test
    void aStartAtThisMomentIsRefused() throws IOException {
        complete("2026-01-02");
        List<Ended> starts = new ArrayList<>();

        Ended ended = hooked(
                "delete",
                () -> starts.add(shop.run("job=predict", "day=2026-01-02", "again=true")),
                "prune",
                ALL,
                "delete=true");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("Removed: 1 run");
        assertThat(starts).isNotEmpty().allSatisfy(start -> {
            assertThat(start.exit()).as(start.words()).isEqualTo(HELD);
        });
    }

    @Test
    void aRunAtWorkKeepsItsElders() throws Exception {
        complete("2026-01-02");
        List<Ended> prunes = new ArrayList<>();
        Map<String, String> before = tree();

        Ended ended = hooked(
                "put",
                () -> prunes.add(shop.run("prune", ALL, "delete=true")),
                "job=predict",
                "day=2026-01-02",
                "again=true");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(prunes).isNotEmpty().allSatisfy(prune -> {
            assertThat(prune.exit()).as(prune.words()).isZero();
            assertThat(prune.output()).contains("kept: a process is at work", "Nothing was removed");
        });
        before.keySet().removeIf(path -> !path.startsWith("local/pinned"));
        assertThat(tree()).containsAllEntriesOf(before);
        assertThat(threads.names()).isEmpty();
    }

    @Test
    void whatCannotBeRemovedIsToldAndRemovedByTheSameCommand() throws IOException {
        complete("2026-01-01");
        complete("2026-01-02");

        Ended failed = hooked(
                "delete",
                () -> {
                    throw new IllegalArgumentException("no space for a tombstone");
                },
                "prune",
                ALL,
                "delete=true");

        assertThat(failed.exit()).as(failed.words()).isEqualTo(FAILED);
        assertThat(failed.output())
                .contains(
                        "failed: no space for a tombstone",
                        "Not removed: 2 runs. To try again: java -jar batch.jar prune");
        assertThat(shop.run("job=predict", "day=2026-01-02").output()).contains("is complete already");
        assertThat(shop.run("prune", ALL, "delete=true").output()).contains("Removed: 2 runs");
        assertThat(shop.bucket("modelbatch")).isEmptyDirectory();
    }

    @Test
    void onPostgreSql() throws Exception {
        String[] repository = PostgresServer.arguments(PostgresServer.sharedDatabase());
        assertThat(run(repository, "job=predict", "day=2026-01-02").exit()).isZero();

        assertThat(run(repository, "prune", ALL).output()).contains("Would be removed: 1 run, ");
        assertThat(run(repository, "prune", ALL, "delete=true").output()).contains("Removed: 1 run, ");

        assertThat(run(repository, "prune", ALL, "delete=true").output()).contains("Nothing was removed");
        assertThat(run(repository, "status").output()).contains("pruned 2");
        assertThat(run(repository, "job=predict", "day=2026-01-02").output()).contains("is complete already");
    }

    @Test
    void whatHasNoMeaningIsRefused() {
        complete("2026-01-01");

        assertRefused("Say which runs");
        assertRefused("Say which runs", "delete=true");
        assertRefused("write days or hours", "older-than=30");
        assertRefused("write days or hours", "older-than=6m");
        assertRefused("write days or hours", "older-than=-1d");
        assertRefused("write days or hours", "older-than=9999999999d");
        assertRefused("is not a number of runs", "keep=-1");
        assertRefused("There is no 'day'", "keep=0", "day=2026-01-01");
        assertRefused("'predict' is not NAME=VALUE", "keep=0", "predict");
        assertRefused("'keep' is given twice", "keep=0", "keep=1");
        assertRefused("neither delete=true nor delete=false", "keep=0", "delete=yes");
        assertRefused("There are no runs of a job 'predit'", "keep=0", "job=predit");
        assertThat(runs(ALL)).containsExactly("predict-1");
    }

    private void assertRefused(String words, String... arguments) {
        Ended ended =
                shop.run(Stream.concat(Stream.of("prune"), Stream.of(arguments)).toArray(String[]::new));
        assertThat(ended.exit()).as(ended.words()).isEqualTo(USAGE);
        assertThat(ended.errors()).contains(words).doesNotContain("Exception");
    }

    private void complete(String day) {
        Ended ended = shop.run("job=predict", "day=" + day);
        assertThat(ended.exit()).as(ended.words()).isZero();
    }

    /** Its extract is complete, its model was missing. */
    private void leaveUnfinished(String day) {
        shop.job("predict", PREDICT_DAY.replace("gs://models/tiny", "gs://models/tidy"));
        assertThat(shop.run("job=predict", "day=" + day).exit()).isEqualTo(FAILED_FOR_GOOD);
        shop.job("predict", PREDICT_DAY);
    }

    private List<String> runs(String... arguments) {
        Ended ended = shop.run(Stream.concat(Stream.of("prune", "--json"), Stream.of(arguments))
                .toArray(String[]::new));
        return JSON.readTree(ended.output())
                .path("runs")
                .valueStream()
                .map(run -> run.path("run").stringValue())
                .toList();
    }

    private static long sum(JsonNode found, String field) {
        return found.path("runs")
                .valueStream()
                .mapToLong(run -> run.path(field).asLong())
                .sum();
    }

    private Ended run(String[] properties, String... arguments) {
        return shop.run(
                Stream.concat(Stream.of(arguments), Stream.of(properties)).toArray(String[]::new));
    }

    /** A command line during which something else happens when a method of the store is called; again at the next call if it failed. */
    private Ended hooked(String method, Runnable hook, String... arguments) {
        Hook.method = method;
        Hook.hook = hook;
        List<String> words = new ArrayList<>(List.of(arguments));
        words.add("--modelbatch.jobs=" + folder.resolve("job-configs"));
        words.add("--modelbatch.local.home=" + folder.resolve("local"));
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        int exit = BatchCommand.run(
                words.toArray(String[]::new),
                (settings, types) -> BatchApplication.start(settings, types, Hook.class),
                new PrintWriter(output, true),
                new PrintWriter(errors, true));
        return new Ended(exit, output.toString(), errors.toString());
    }

    @Configuration(proxyBeanMethods = false)
    static class Hook {
        private static String method = "";
        private static Runnable hook = () -> {};

        @Bean
        static BeanPostProcessor hooks() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof ObjectStore store ? hooked(store) : bean;
                }
            };
        }

        private static ObjectStore hooked(ObjectStore store) {
            return (ObjectStore) Proxy.newProxyInstance(
                    ObjectStore.class.getClassLoader(),
                    new Class<?>[] {ObjectStore.class},
                    (proxy, called, arguments) -> {
                        if (called.getName().equals(method)) {
                            runHook();
                        }
                        try {
                            return called.invoke(store, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        /**
         * On a thread of its own, as another process would: the one that calls may be in a transaction, and Spring would keep the database
         * of a second command open until that ends.
         */
        private static synchronized void runHook() throws IOException {
            FutureTask<Void> command = new FutureTask<>(hook, null);
            new Thread(command, "hook").start();
            try {
                command.get();
                hook = () -> {};
            } catch (ExecutionException e) {
                throw new IOException(e.getCause().getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
    }

    /** All files and folders, with checksums; without the job repository and the log, which every command may write. */
    private Map<String, String> tree() throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                String name = folder.relativize(file).toString();
                if (!name.startsWith("local/repository") && !name.startsWith("local/logs")) {
                    tree.put(
                            name,
                            Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                                    ? Files.getLastModifiedTime(file) + " " + Crc32c.of(file)
                                    : "");
                }
            }
        }
        return tree;
    }

    private long bytesBelow(String path) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(folder.resolve(path))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private List<String> names(String path) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(path))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
