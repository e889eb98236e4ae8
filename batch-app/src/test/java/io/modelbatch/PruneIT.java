package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills {@code prune} while it removes, at each object and at random times; as many random kills as {@code -Dkills=N} says. */
class PruneIT {
    private static final int KILLS = Integer.getInteger("kills", 2);
    private static final long SEED = Long.getLong("seed", 20_261_128);
    private static final int KILLED = 137;

    private static final String PREDICT = """
            parameters:
              n: { type: int64 }
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines WHERE id > 0 * @n", key: id, partitions: 2 }
              - infer: { model: gs://models/tiny, task: text-classification, text: text, to: "gs://results/${n}" }
              - load: { table: shop.answers }
            """;

    @TempDir
    private Path folder;

    private LocalShop shop;
    private CommandLine commands;

    @BeforeEach
    void open() {
        shop = new LocalShop(folder, Map.of());
        commands = new CommandLine(folder)
                .job("predict", PREDICT)
                .table("shop.lines", "id,text\n1,milk\n2,bread\n3,tea\n")
                .classifier("models/tiny");
    }

    @Test
    void whateverIsKilledIsRemovedByTheSameCommand() throws Exception {
        Random random = new Random(SEED);
        List<String> points = new ArrayList<>(List.of("BEFORE_REMOVAL:1", "AFTER_REMOVAL:1", "AFTER_REMOVAL:2"));
        for (int kill = 0; kill < KILLS; kill++) {
            points.add("NONE:0");
        }
        for (int n = 0; n < points.size(); n++) {
            leave(n, points.size() + n);
            List<String> result = objects("gs://results/" + n);

            kill(points.get(n), 400 + random.nextInt(1_200));
            assertThat(commands.run("job=predict", "n=" + n).output()).contains("is complete already");
            assertThat(commands.run("prune", "keep=0", "delete=true").exit()).isZero();

            String unfinished = "predict-" + (2 * n + 2) + "-";
            assertThat(pinned()).isNotEmpty().allMatch(name -> name.startsWith(unfinished));
            assertThat(objects(shop.runs().toString())).isNotEmpty().allMatch(object -> object.contains(unfinished));
            assertThat(objects("gs://results/" + n)).isEqualTo(result);
            CommandLine.Ended resumed = commands.run("job=predict", "n=" + (points.size() + n));
            assertThat(resumed.output()).contains("run-resumed").contains("COMPLETED");
        }
    }

    /** A complete run and, after it, an unfinished one. */
    private void leave(int complete, int unfinished) {
        CommandLine.Ended ended = commands.run("job=predict", "n=" + complete);
        assertThat(ended.exit()).as(ended.words()).isZero();
        commands.job("predict", PREDICT.replace("models/tiny", "models/none"));
        assertThat(commands.run("job=predict", "n=" + unfinished).exit()).isEqualTo(3);
        commands.job("predict", PREDICT);
    }

    private void kill(String point, int millis) throws Exception {
        BatchProcess process = BatchProcess.startCrashing(folder, point, "prune", "keep=0", "delete=true");
        if (point.startsWith("NONE")) {
            process.killAfter(Duration.ofMillis(millis));
        } else {
            BatchProcess.Ended ended = process.await();
            assertThat(ended.exit()).as(ended.output()).isEqualTo(KILLED);
        }
    }

    private List<String> pinned() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("local/pinned"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private List<String> objects(String address) throws IOException {
        return shop.store().sizes(ObjectUri.parse(address)).keySet().stream()
                .map(ObjectUri::toString)
                .toList();
    }
}
