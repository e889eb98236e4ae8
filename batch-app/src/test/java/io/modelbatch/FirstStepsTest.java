package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verbs in whatever order, in a folder that has nothing, a clone's job files, or a project of somebody's own. */
class FirstStepsTest {
    private static final int USAGE = 2;
    private static final int FAILED_FOR_GOOD = 3;
    private static final Path SHIPPED = Path.of("../job-configs");
    private static final List<String> SAMPLE = List.of(
            "job-configs/notebook.yaml",
            "job-configs/notebook/receipts.ipynb",
            "job-configs/notebook/results.py",
            "job-configs/predict.yaml",
            "job-configs/train.yaml",
            "local/buckets/receipts-ml/models/base/config.json",
            "local/buckets/receipts-ml/models/base/model.safetensors",
            "local/buckets/receipts-ml/models/base/tokenizer.json",
            "local/buckets/receipts-ml/models/base/tokenizer_config.json",
            "local/warehouse/shop/labelled_lines.csv",
            "local/warehouse/shop/receipt_lines.csv",
            "local/warehouse/shop/receipt_lines.schema.yaml");

    @TempDir
    private Path folder;

    /** So any order of them is as good as none. */
    @Test
    void verbsThatOnlyReadLeaveAnEmptyFolderEmpty() throws IOException {
        CommandLine empty = new CommandLine(folder);

        assertThat(empty.run("status").output()).contains("No runs yet");
        assertThat(empty.run("status", "--json").output().strip()).isEqualTo("[ ]");
        for (String verb : List.of("report", "stop train-1", "restart train-1", "abandon train-1", "recover train-1")) {
            Ended ended = empty.run(verb.split(" "));
            assertThat(ended.errors()).as(verb).contains("no runs yet");
            assertThat(ended.exit()).as(verb).isEqualTo(USAGE);
        }
        for (String verb : List.of("list", "check", "check job=train", "job=train", "job=mine")) {
            Ended ended = empty.run(verb.split(" "));
            assertThat(ended.errors()).as(verb).contains("is not a folder", "'init' writes a sample");
            assertThat(ended.exit()).as(verb).isEqualTo(USAGE);
        }
        assertThat(empty.run("schema").exit()).isZero();
        assertThat(empty.run("bench", "--model", "gs://models/x", "--rows", "x.jsonl")
                        .errors())
                .contains("no folder", "init");
        assertThat(files()).isEmpty();
    }

    @Test
    void initIsWholeAndCanBeRepeated() throws IOException {
        CommandLine shop = new CommandLine(folder);

        Ended first = shop.run("init");
        Ended second = shop.run("init");

        assertThat(files()).containsExactlyElementsOf(SAMPLE);
        assertThat(Files.getPosixFilePermissions(folder.resolve("local/buckets")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(first.output().lines().filter(line -> line.startsWith("Wrote ")))
                .hasSize(SAMPLE.size());
        assertThat(first.output()).contains("Next: java -jar batch.jar job=train");
        assertThat(second.output()).doesNotContain("Wrote").contains("all 12 files", "Next: ");
        assertThat(shop.run("init", "--spring.profiles.active=gcp").output())
                .contains("without the profile gcp")
                .doesNotContain("Next: ");
        Files.delete(folder.resolve(SAMPLE.get(6)));
        assertThat(shop.run("init").output()).contains("Wrote " + folder.resolve(SAMPLE.get(6)));
        assertThat(files()).containsExactlyElementsOf(SAMPLE);
        assertThat(shop.run("check", "job=train").output()).contains("No problems found");
    }

    @Test
    void initSaysWhatItDidNotWrite() throws IOException {
        write("job-configs/train.yaml", "steps: []");
        write("local/warehouse/shop/receipt_lines.jsonl", "{}");
        write("local/buckets/receipts-ml/models/base/vocab.txt", "a");

        Ended init = new CommandLine(folder).run("init");

        assertThat(init.output())
                .contains(
                        "Not written: " + folder.resolve("job-configs/train.yaml")
                                + ", because another file already exists",
                        "receipt_lines.csv, because another table of its name",
                        "model.safetensors, because another model",
                        "Wrote " + folder.resolve("job-configs/predict.yaml"),
                        "incomplete")
                .doesNotContain("Next: ");
        assertThat(files())
                .containsExactly(
                        "job-configs/notebook.yaml",
                        "job-configs/notebook/receipts.ipynb",
                        "job-configs/notebook/results.py",
                        "job-configs/predict.yaml",
                        "job-configs/train.yaml",
                        "local/buckets/receipts-ml/models/base/vocab.txt",
                        "local/warehouse/shop/labelled_lines.csv",
                        "local/warehouse/shop/receipt_lines.jsonl");
        assertThat(folder.resolve("job-configs/train.yaml")).hasContent("steps: []");
    }

    @Test
    void theSchemaOfTheSampleBindsNoTableOfSomebodysOwn() throws IOException {
        write("local/warehouse/shop/receipt_lines.csv", "line_id,purchased_on,text\n1,yesterday,milk\n");

        new CommandLine(folder).run("init");

        assertThat(files())
                .contains("local/warehouse/shop/labelled_lines.csv")
                .doesNotContain("local/warehouse/shop/receipt_lines.schema.yaml");
    }

    @Test
    void whatStandsInTheWayOfTheSampleIsNamed() throws IOException {
        write("local", "a file");

        for (String command : List.of("init", "job=train")) {
            Files.createDirectories(folder.resolve("job-configs"));
            Ended ended = new CommandLine(folder).run(command);

            assertThat(ended.errors()).contains(folder.resolve("local") + " is not a folder; move it away");
            assertThat(ended.exit()).isEqualTo(USAGE);
        }
    }

    @Test
    void theSampleIsNotAddedToTablesOfSomebodysOwn() throws IOException {
        Files.createDirectory(folder.resolve("job-configs"));
        write("local/warehouse/shop/mine.csv", "id\n1\n");

        assertThat(new CommandLine(folder).run("job=train").errors()).contains("no job 'train'");
        assertThat(files()).containsExactly("local/warehouse/shop/mine.csv");
    }

    /** {@code status} and others may have been first, and so may a run that was killed while it wrote the sample. */
    @Test
    void aFirstRunInACloneCompletesTheSample() throws IOException {
        copyJobs();
        write("local/logs/batch.log", "");
        write("local/warehouse/shop/.receipt_lines.csv.1", "half");
        CommandLine clone = new CommandLine(folder);

        Ended check = clone.run("check", "job=train");
        Ended run = clone.run("job=predict");

        assertThat(check.output()).contains("sample of job train", "first run of the job writes them", "init");
        assertThat(check.exit()).isEqualTo(USAGE);
        assertThat(run.output()).contains("no model has been published there yet");
        assertThat(run.exit()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(files()).containsAll(SAMPLE);
        assertThat(clone.run("check", "job=train").output()).contains("No problems found");
    }

    @Test
    void aFirstRunInAnEmptyJobFolderWritesTheSample() throws IOException {
        Files.createDirectory(folder.resolve("job-configs"));

        assertThat(new CommandLine(folder).run("list").errors()).contains("No jobs", "init");
        assertThat(new CommandLine(folder).run("job=mine").errors()).contains("no job 'mine'");
        assertThat(files()).isEmpty();
        write("local/warehouse/shop/.receipt_lines.csv.1", "half, after a kill");
        assertThat(new CommandLine(folder).run("job=predict").output()).contains("no model has been published");
        assertThat(files()).containsAll(SAMPLE);
    }

    @Test
    void nothingOfTheSampleIsWrittenIntoAProjectOfSomebodysOwn() throws IOException {
        copyJobs();
        write("job-configs/mine.yaml", "steps: []");
        CommandLine own = new CommandLine(folder);

        assertThat(own.run("job=train").output()).contains("labelled_lines");
        own.run("check");
        own.run("job=mine");
        assertThat(files()).doesNotContainAnyElementsOf(SAMPLE.subList(5, SAMPLE.size()));

        Files.delete(folder.resolve("job-configs/mine.yaml"));
        write("job-configs/train.yaml", Files.readString(SHIPPED.resolve("train.yaml")) + "# mine\n");
        assertThat(own.run("job=train").output()).contains("labelled_lines");
        assertThat(files()).doesNotContainAnyElementsOf(SAMPLE.subList(5, SAMPLE.size()));
    }

    private void copyJobs() throws IOException {
        for (String job : SAMPLE.subList(0, 5)) {
            write(job, Files.readString(Path.of("..", job)));
        }
    }

    private void write(String file, String content) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
