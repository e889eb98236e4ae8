package io.modelbatch.report;

import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Makes the pictures of docs/report.md. Not part of the test command: it is named after a change of the page's looks. */
class ReportPictures {
    private static final ObjectUri FOLDER = ObjectUri.parse("gs://modelbatch/runs/predict-42");

    @TempDir
    private Path folder;

    @Test
    void takeThem() throws IOException {
        Path docs = Path.of("..", "docs", "report");
        try (Chromium chromium = Chromium.start()) {
            Path predict = written("predict", SampleReports.completed());
            take(chromium, predict, 1000, 1180, "light", docs.resolve("predict.png"));
            take(chromium, predict, 1000, 3860, "light", docs.resolve("predict-whole.png"));
            take(chromium, predict, Chromium.PHONE, 1900, "dark", docs.resolve("phone-dark.png"));
            Path failed = written("failed", SampleReports.failed());
            take(chromium, failed, 1000, 1180, "light", docs.resolve("failed.png"));
            Path training = written("training", SampleReports.training());
            take(chromium, training, 1000, 2480, "dark", docs.resolve("training-dark.png"));
            Path partitions = written("partitions", SampleReports.partitions(1000));
            take(chromium, partitions, 1000, 1360, "light", docs.resolve("partitions.png"));
        }
    }

    private Path written(String name, RunReport report) throws IOException {
        String html = new ReportPage(report, FOLDER, SampleReports.STARTED).html();
        return Chromium.written(folder, name + ".html", html);
    }

    private static void take(Chromium chromium, Path page, int width, int height, String theme, Path picture)
            throws IOException {
        chromium.screen(width, 800, theme);
        chromium.open(page);
        Files.write(picture, chromium.picture(width, height));
    }
}
