package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps {@code upload} and {@code download} of jobs. */
class TransferStepsTest {
    private static final int FAILED_FOR_GOOD = 3;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() throws IOException {
        shop = new CommandLine(folder);
        write("reports/summary.csv", "a,b");
        write("reports/2026/lines.csv", "c,d");
    }

    @Test
    void aFolderGoesUpAndComesBack() {
        job("""
                parameters:
                  date: { type: date }
                steps:
                  - upload: { from: HERE/reports/, to: "gs://shop/reports/${date}" }
                  - download: { from: "gs://shop/reports/${date}", to: HERE/copy/ }
                """);

        Ended ended = shop.run("job=move", "date=2026-03-31");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(shop.bucket("shop/reports/2026-03-31/2026/lines.csv")).hasContent("c,d");
        assertThat(folder.resolve("copy/summary.csv")).hasContent("a,b");
        assertThat(folder.resolve("copy/2026/lines.csv")).hasContent("c,d");
        assertThat(shop.run("report", "--json").output()).contains("\"rows\" : 2", "\"files\" : 2", "\"bytes\" : 6");
    }

    @Test
    void aFileGoesIntoAFolderThatEndsWithASlash() {
        job("""
                steps:
                  - upload: { from: HERE/reports/summary.csv, to: gs://shop/all/ }
                  - upload: { name: renamed, from: HERE/reports/summary.csv, to: gs://shop/newest.csv }
                  - download: { from: gs://shop/all/summary.csv, to: HERE/in/ }
                """);

        Ended ended = shop.run("job=move");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(shop.bucket("shop/all/summary.csv")).hasContent("a,b");
        assertThat(shop.bucket("shop/newest.csv")).hasContent("a,b");
        assertThat(folder.resolve("in/summary.csv")).hasContent("a,b");
    }

    @Test
    void anotherNightsFileIsRefusedWithTheWayOut() throws IOException {
        job("""
                steps:
                  - upload: { from: HERE/reports/summary.csv, to: gs://shop/newest.csv }
                """);
        assertThat(shop.run("job=move").exit()).isZero();
        assertThat(shop.run("job=move").exit()).as("the same content again").isZero();
        write("reports/summary.csv", "e,f");

        Ended ended = shop.run("job=move");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(ended.words()).contains("gs://shop/newest.csv already exists", "overwrite: true");
        assertThat(shop.bucket("shop/newest.csv")).hasContent("a,b");
    }

    @Test
    void overwriteReplacesIt() throws IOException {
        job("""
                steps:
                  - upload: { from: HERE/reports/summary.csv, to: gs://shop/newest.csv, overwrite: true }
                """);
        assertThat(shop.run("job=move").exit()).isZero();
        write("reports/summary.csv", "e,f");

        Ended ended = shop.run("job=move");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(shop.bucket("shop/newest.csv")).hasContent("e,f");
    }

    @Test
    void whatIsNotThereFailsForGoodAndIsNamed() {
        job("""
                steps:
                  - download: { from: gs://shop/nothing, to: HERE/in/ }
                """);

        Ended ended = shop.run("job=move");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(ended.words()).contains("gs://shop/nothing: there is no such object");
    }

    @Test
    void checkFindsWhatADownloadMisses() {
        job("""
                steps:
                  - upload: { from: HERE/reports, to: gs://shop/reports }
                  - download: { from: gs://shop/reports/summary.csv, to: HERE/in/ }
                  - download: { name: missing, from: gs://shop/nothing, to: HERE/in/ }
                """);

        Ended ended = shop.run("check", "job=move");

        assertThat(ended.exit()).as(ended.words()).isNotZero();
        assertThat(ended.words()).contains("gs://shop/nothing").doesNotContain("gs://shop/reports/summary.csv");
        assertThat(shop.bucket("shop/reports")).doesNotExist();
    }

    private void job(String yaml) {
        shop.job("move", yaml.replace("HERE", folder.toString()));
    }

    private void write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
