package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM, as a scheduler sends it: the run stops soon, says so, and the same command resumes. */
class StopIT {
    private static final Duration AT_MOST = Duration.ofSeconds(10);
    private static final String TRAIN = """
            steps:
              - extract: { query: "SELECT line_id, text, category FROM shop.labelled_lines", key: line_id }
              - train:
                  model: gs://receipts-ml/models/base
                  task: text-classification
                  text: text
                  label: category
                  num-train-epochs: 1
                  per-device-train-batch-size: 16
                  save-steps: 50
              - publish: { to: gs://receipts-ml/models/categories }
            """;

    /** With {@code java -jar}, as it is typed. */
    @Test
    void aTrainingStopsAndGoesOn(@TempDir Path folder) throws Exception {
        assertThat(new CommandLine(folder).job("train", TRAIN).run("init").exit())
                .isZero();
        BatchProcess training = BatchProcess.startJar(folder, "job=train");
        training.awaitOutput("\"step-started\",\"run\":\"train-1\",\"step\":\"train\"");

        Instant asked = Instant.now();
        training.terminate();
        BatchProcess.Ended stopped = training.await();

        assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_MOST);
        assertThat(stopped.exit()).as(stopped.output()).isIn(List.of(4, 143));
        assertThat(stopped.output())
                .contains("STOPPED", "\"command\":\"java -jar " + BatchProcess.JAR + " job=train\"");
        BatchProcess.Ended last = BatchProcess.run(folder, "job=train");
        assertThat(last.exit()).as(last.output()).isZero();
        assertThat(last.output()).contains("run-resumed").doesNotContain("\"step\":\"extract\"");
    }

    @Test
    void aSecondStartIsRefusedAndStopEndsTheFirst(@TempDir Path folder) throws Exception {
        CommandLine shop = new CommandLine(folder).job("train", TRAIN.replace("epochs: 1", "epochs: 50"));
        assertThat(shop.run("init").exit()).isZero();
        BatchProcess training = BatchProcess.start(folder, "job=train");
        training.awaitOutput("\"step-started\",\"run\":\"train-1\",\"step\":\"train\"");

        BatchProcess.Ended second = BatchProcess.run(folder, "job=train");
        BatchProcess.Ended stop = BatchProcess.run(folder, "stop", "train-1");
        BatchProcess.Ended first = training.await();

        assertThat(second.exit()).as(second.output()).isEqualTo(5);
        assertThat(second.output()).contains("job=train is running: process ");
        assertThat(stop.exit()).as(stop.output()).isZero();
        assertThat(stop.output()).contains("train-1 is STOPPED");
        assertThat(first.exit()).as(first.output()).isEqualTo(4);
    }
}
