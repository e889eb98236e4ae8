package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that a training leaves: its checkpoints as long as the run is unfinished, then the model alone. */
class TrainingLeftoversTest {
    private static final int FAILED_FOR_GOOD = 3;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = new CommandLine(folder)
                .job("learn", train("0.0"))
                .table(
                        "shop.lines",
                        "id,text,label\n"
                                + IntStream.range(0, 60)
                                        .mapToObj(id ->
                                                id + ",text " + id % 7 + "," + SmallShop.LABELS.get(id % 4) + "\n")
                                        .collect(Collectors.joining()))
                .classifier("models/tiny");
    }

    @Test
    void aCompleteRunKeepsItsModelAlone() throws IOException {
        Ended ended = shop.run("job=learn", "n=1");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(left()).filteredOn(file -> file.contains("checkpoint")).isEmpty();
        assertThat(left())
                .filteredOn(file -> file.matches("train/model-\\d+/model\\.safetensors"))
                .hasSize(1);
    }

    @Test
    void anUnfinishedRunKeepsItsCheckpointsUntilItIsComplete() throws IOException {
        shop.job("learn", train("1.0"));
        Ended failed = shop.run("job=learn", "n=1");
        assertThat(failed.exit()).as(failed.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(left())
                .filteredOn(file -> file.matches("train/checkpoint-\\d+-\\d+/optimizer\\.safetensors"))
                .isNotEmpty();

        shop.job("learn", train("0.0"));
        Ended resumed = shop.run("job=learn", "n=1");

        assertThat(resumed.exit()).as(resumed.words()).isZero();
        assertThat(left()).filteredOn(file -> file.contains("checkpoint")).isEmpty();
        assertThat(left())
                .filteredOn(file -> file.matches("train/model-\\d+/model\\.safetensors"))
                .hasSize(1);
    }

    private static String train(String accuracy) {
        return SmallShop.train("@n > 0", 2, "to: gs://models/learned, require: { accuracy: " + accuracy + " }");
    }

    /** Everything in the folder of the one run, folders too. */
    private List<String> left() throws IOException {
        Path runs = shop.bucket("modelbatch/runs");
        try (Stream<Path> folders = Files.list(runs)) {
            Path run = folders.reduce((one, other) -> {
                        throw new AssertionError("more than one run");
                    })
                    .orElseThrow();
            try (Stream<Path> files = Files.walk(run)) {
                return files.map(file -> run.relativize(file).toString()).toList();
            }
        }
    }
}
