package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, or that cannot be written any more: the run fails, what is committed stays whole, and the same command ends it. */
class BrokenDiskIT {
    private static final String PREDICT = """
            steps:
              - extract: { query: "SELECT line_id, text FROM shop.receipt_lines", key: line_id, partitions: 2 }
              - infer:
                  model: gs://receipts-ml/models/categories
                  task: text-classification
                  text: text
                  to: gs://receipts-ml/predictions/all
                  block: { rows: 1000 }
              - load: { table: shop.receipt_categories }
            """;

    /** The base model with a classifier that has learned little: enough to answer. */
    private static final String TRAIN = """
            steps:
              - extract: { query: "SELECT line_id, text, category FROM shop.labelled_lines LIMIT 300", key: line_id }
              - train:
                  model: gs://receipts-ml/models/base
                  task: text-classification
                  text: text
                  label: category
                  num-train-epochs: 1
              - publish: { to: gs://receipts-ml/models/learned }
            """;

    /** The buckets are a small file system of their own, seen by this shell alone, which breaks and is fixed. */
    private static final String SCRIPT = """
            set -u
            mount -t tmpfs -o size=8m tmpfs local/buckets && cp -r models/. local/buckets/ || exit 77
            BREAK
            BATCH job=predict > first.log 2>&1; echo $? > first.exit
            find local/buckets -name manifest.json > first.manifests
            MEND
            BATCH job=predict > second.log 2>&1; echo $? > second.exit
            cp -r local/buckets result
            """;

    /** Leaves room for a few shards. */
    private static final String FILL = """
            room=$(df --output=avail -k local/buckets | tail -1)
            head -c $(( (room - 180) * 1024 )) /dev/zero > local/buckets/filler""";

    /** The home is a small file system, and something else fills it while a run is at work on its third block, or before it begins. */
    private static final String FULL_HOME = """
            set -u
            mkdir template && mv local/* template && mount -t tmpfs -o size=48m tmpfs local || exit 77
            cp -r template/. local/
            mkdir -p local/buckets && cp -r models/. local/buckets/
            fill() { cat /dev/zero > local/filler 2> fill.log; }
            BATCH check job=predict > check.log 2>&1
            BATCH job=predict > first.log 2>&1 & run=$!
            while kill -0 $run && [ $(find local/buckets -name '*.parquet' | wc -l) -lt 3 ]; do sleep 0.05; done
            fill
            wait $run; echo $? > first.exit
            BATCH status > status.log 2>&1
            fill
            BATCH job=predict > full.log 2>&1; echo $? > full.exit
            rm local/filler
            BATCH job=predict > second.log 2>&1; echo $? > second.exit
            cp -r local/. result
            """;

    private static final String NO_ROOM = "No space left on device below ";

    @TempDir
    private static Path trained;

    @TempDir
    private Path folder;

    @BeforeAll
    static void train() {
        CommandLine shop = new CommandLine(trained).job("train", TRAIN);
        assertThat(shop.run("init").exit()).isZero();
        CommandLine.Ended ended = shop.run("job=train");
        assertThat(ended.exit()).as(ended.words()).isZero();
    }

    @Test
    void aFullDiskFailsTheRunAndTheSameCommandEndsIt() throws Exception {
        breakAndMend(FILL, "rm local/buckets/filler", "no space left", "run-resumed");
    }

    @Test
    void aBucketThatCannotBeWrittenRefusesTheRunAndTheSameCommandEndsIt() throws Exception {
        breakAndMend(
                "mount -o remount,ro local/buckets",
                "mount -o remount,rw local/buckets",
                "read-only file system",
                "run-started");
    }

    @Test
    void aFullHomeFailsTheRunAtOnceWithItsLastWordsInTheJobRepository() throws Exception {
        CommandLine shop = new CommandLine(folder).job("predict", PREDICT);
        assertThat(shop.run("init").exit()).isZero();
        copyModel();

        int exit = shell(FULL_HOME);
        assumeTrue(exit != 77, "this machine does not let a test mount a file system");

        assertThat(exit).as(read("shell.log")).isZero();
        assertThat(read("check.log")).contains("almost no space is left below " + folder.resolve("local"));
        String home = folder.toRealPath().resolve("local").toString();
        assertThat(read("first.exit").strip()).as(read("first.log")).isEqualTo("1");
        assertThat(read("first.log")).contains(NO_ROOM + home, " free of 50.3 MB", " job=predict");
        assertThat(read("status.log")).contains("FAILED", "Cause: " + NO_ROOM + home, " job=predict");
        assertThat(read("full.exit").strip()).as(read("full.log")).isEqualTo("1");
        assertThat(read("full.log")).contains(NO_ROOM + home);
        for (String log : List.of("first.log", "status.log", "full.log")) {
            assertThat(read(log)).doesNotContain("\tat ", "Exception", "waiting");
            assertThat(read(log).lines()).hasSizeLessThan(20);
        }
        assertThat(read("second.exit").strip()).as(read("second.log")).isEqualTo("0");
        assertThat(read("second.log")).contains("run-resumed");
        assertThat(rows("result/warehouse/shop/receipt_categories.parquet")).isEqualTo(20_000);
    }

    private void breakAndMend(String broken, String mended, String cause, String second) throws Exception {
        CommandLine shop = new CommandLine(folder).job("predict", PREDICT);
        assertThat(shop.run("init").exit()).isZero();
        copyModel();

        int exit = shell(SCRIPT.replace("BREAK", broken).replace("MEND", mended));
        assumeTrue(exit != 77, "this machine does not let a test mount a file system");

        assertThat(exit).as(read("shell.log")).isZero();
        assertThat(read("first.exit").strip()).as(read("first.log")).isEqualTo("1");
        assertThat(read("first.log")).containsIgnoringCase(cause).contains("-jar " + QuickStart.JAR + " job=predict");
        assertThat(read("first.manifests")).isEmpty();
        assertThat(read("second.exit").strip()).as(read("second.log")).isEqualTo("0");
        assertThat(read("second.log")).contains(second);
        assertThat(read("result/receipts-ml/predictions/all/manifest.json")).containsPattern("\"rows\"\\s*:\\s*20000");
        assertThat(rows("result/receipts-ml/predictions/all/*.parquet")).isEqualTo(20_000);
        assertThat(rows("local/warehouse/shop/receipt_categories.parquet")).isEqualTo(20_000);
    }

    private void copyModel() throws IOException {
        Path models = new CommandLine(trained).bucket("receipts-ml/models/learned");
        try (var versions = Files.list(models)) {
            Path version = versions.filter(path -> Files.exists(path.resolve("config.json")))
                    .findFirst()
                    .orElseThrow();
            Path copy = Files.createDirectories(folder.resolve("models/receipts-ml/models/categories"));
            try (var files = Files.list(version)) {
                for (Path file : files.toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
        }
    }

    private int shell(String script) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "unshare",
                        "--map-root-user",
                        "--mount",
                        "sh",
                        "-c",
                        script.replace("BATCH", QuickStart.shellCommand())))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("shell.log").toFile());
        Process shell;
        try {
            shell = builder.start();
        } catch (IOException noUnshare) {
            return 77;
        }
        assertThat(shell.waitFor(5, TimeUnit.MINUTES)).as(read("shell.log")).isTrue();
        return shell.exitValue() == 1 ? 77 : shell.exitValue();
    }

    private long rows(String files) throws Exception {
        try (var duckdb = java.sql.DriverManager.getConnection("jdbc:duckdb:");
                var found = duckdb.createStatement()
                        .executeQuery("select count(distinct line_id) from '" + folder.resolve(files) + "'")) {
            found.next();
            return found.getLong(1);
        }
    }

    private String read(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }
}
