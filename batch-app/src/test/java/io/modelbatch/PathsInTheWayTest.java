package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.model.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file where a run needs a folder, and a folder where it needs a file: no retry helps, so the exit code is 3. */
class PathsInTheWayTest {
    private static final String PREDICT = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines", key: id }
              - infer: { model: "gs://models/tiny", task: text-classification, text: text, to: "gs://%s" }
              - load: { table: %s }
            """;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void makeShop() {
        shop = new CommandLine(folder)
                .table("shop.lines", "id,text\n1,milk\n2,bread\n")
                .model("models/tiny", Fixture.named("bert-classification").model());
    }

    @ParameterizedTest
    @CsvSource({
        "inputs, inputs",
        "inputs, inputs/",
        "inputs, inputs/below",
        "inputs, inputs/far/below",
    })
    void aFileWhereADownloadNeedsAFolder(String file, String to) throws IOException {
        object("prices/a/1.csv");
        Path there = Files.writeString(folder.resolve(file), "mine");
        shop.job(
                "fetch",
                "steps:\n  - download: { from: \"gs://shop/prices\", to: \"" + folder.resolve(to)
                        + (to.endsWith("/") ? "/" : "") + "\" }\n");

        CommandLine.Ended ended = shop.run("job=fetch");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(3);
        assertThat(ended.words()).contains(there.toString(), "is a file where", "a folder");
        assertThat(there).hasContent("mine");
    }

    @Test
    void aFolderWhereADownloadNeedsAFile() throws IOException {
        object("prices/1.csv");
        Path there =
                Files.createDirectories(folder.resolve("inputs/1.csv/below")).getParent();
        shop.job(
                "fetch",
                "steps:\n  - download: { from: \"gs://shop/prices\", to: \"" + folder.resolve("inputs") + "\" }\n");

        CommandLine.Ended ended = shop.run("job=fetch");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(3);
        assertThat(ended.words()).contains(there + " is a folder where a file is needed");
        assertThat(there).isDirectoryContaining("glob:**below");
    }

    @ParameterizedTest
    @CsvSource({"results, results/all", "results/all, results/all", "results/all, results/all/far/below"})
    void aFileWhereAResultNeedsAFolder(String file, String to) throws IOException {
        Path there = folder.resolve("local/buckets").resolve(file);
        Files.createDirectories(there.getParent());
        Files.writeString(there, "mine");
        shop.job("predict", PREDICT.formatted(to, "shop.answers"));

        CommandLine.Ended check = shop.run("check", "job=predict");
        CommandLine.Ended ended = shop.run("job=predict");

        assertThat(check.exit()).as(check.words()).isEqualTo(2);
        assertThat(check.output()).contains(there + " is a file where a folder is needed");
        assertThat(ended.exit()).as(ended.words()).isEqualTo(3);
        assertThat(ended.words()).contains(there + " is a file where a folder is needed");
        assertThat(there).hasContent("mine");
    }

    @Test
    void aFileWhereADatasetNeedsAFolder() throws IOException {
        Path there = Files.writeString(folder.resolve("local/warehouse/other"), "mine");
        shop.job("predict", PREDICT.formatted("results/all", "other.answers"));

        assertThat(shop.run("check", "job=predict").output()).contains("needs the folder " + there);
        CommandLine.Ended ended = shop.run("job=predict");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(3);
        assertThat(ended.words()).contains("needs the folder " + there);
    }

    @Test
    void aFolderWhereATableIsToBeAFile() throws IOException {
        Path there = Files.createDirectories(folder.resolve("local/warehouse/shop/answers.parquet"));
        shop.job("predict", PREDICT.formatted("results/all", "shop.answers"));

        assertThat(shop.run("check", "job=predict").output()).contains("is to be the file " + there);
        CommandLine.Ended ended = shop.run("job=predict");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(3);
        assertThat(ended.words()).contains("is to be the file " + there);
    }

    private void object(String name) throws IOException {
        Path object = shop.bucket("shop").resolve(name);
        Files.createDirectories(object.getParent());
        Files.writeString(object, "1");
    }
}
