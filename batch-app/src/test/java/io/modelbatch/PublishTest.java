package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pointer {@code latest} after a training, by the metrics of the new version and of the version that it would replace. */
class PublishTest {
    private static final int FAILED_FOR_GOOD = 3;

    @TempDir
    private Path folder;

    @Test
    void latestMovesToAVersionThatIsGoodEnoughAndNotWorse() throws IOException {
        CommandLine shop = new CommandLine(folder)
                .job("learn", """
                        steps:
                          - extract: { query: "SELECT id, text, label FROM shop.lines", key: id }
                          - train: { model: gs://models/tiny, task: text-classification, text: text, label: label, num-train-epochs: 1 }
                          - evaluate:
                          - publish: { name: worse, to: gs://models/better }
                          - publish: { name: not-compared, to: gs://models/other }
                          - publish: { name: too-bad, to: gs://models/strict, require: { accuracy: 1.0 } }
                        """)
                .table(
                        "shop.lines",
                        "id,text,label\n"
                                + IntStream.range(0, 60)
                                        .mapToObj(id ->
                                                id + ",text " + id % 7 + "," + SmallShop.LABELS.get(id % 4) + "\n")
                                        .collect(Collectors.joining()))
                .classifier("models/tiny");
        published(shop.bucket("models/better"), "{\"accuracy\": 1.0, \"f1-macro\": 1.0}");
        published(shop.bucket("models/other"), "{\"accuracy\": null, \"recall\": 1.0}");
        published(shop.bucket("models/strict"), "{}");

        Ended ended = shop.run("job=learn");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(ended.output())
                .containsPattern("by-hand stays: its accuracy is 1\\.0000, the new version's 0\\.\\d{4}");
        assertThat(latest(shop, "better")).isEqualTo("{\"version\":\"by-hand\"}");
        assertThat(latest(shop, "other")).contains("{\"version\":\"learn-1-");
        assertThat(ended.words())
                .containsPattern("accuracy is 0\\.\\d{4}, below the required 1\\.0: the model is kept as"
                        + " gs://models/strict/learn-1-\\S+, and latest is unchanged");
        assertThat(latest(shop, "strict")).isEqualTo("{\"version\":\"by-hand\"}");
    }

    /** A version that somebody copied to its place. */
    private static void published(Path models, String metrics) throws IOException {
        Files.createDirectories(models.resolve("metrics"));
        Files.writeString(models.resolve("metrics/by-hand.json"), metrics);
        Files.writeString(models.resolve("latest"), "{\"version\":\"by-hand\"}");
    }

    private static String latest(CommandLine shop, String model) throws IOException {
        return Files.readString(shop.bucket("models/" + model + "/latest"));
    }
}
