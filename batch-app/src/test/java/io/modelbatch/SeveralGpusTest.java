package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import io.modelbatch.CommandLine.Ended;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.inference.FixedLatencyEngines;
import io.modelbatch.inference.InferenceEngines;
import io.modelbatch.inference.InferenceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs on several GPUs of one process, which take no processor. */
class SeveralGpusTest {
    private static final int GPUS = 8;
    private static final int ROWS = 128;

    @TempDir
    private Path folder;

    /** One GPU. */
    @Configuration(proxyBeanMethods = false)
    static class One {
        @Bean
        @Primary
        InferenceEngines one() {
            return new FixedLatencyEngines(1, Duration.ZERO, (device, batch) -> {});
        }
    }

    /** Eight GPUs, none of which ends its first pass before each has one. */
    @Configuration(proxyBeanMethods = false)
    static class Eight {
        @Bean
        @Primary
        InferenceEngines eight() {
            CountDownLatch busy = new CountDownLatch(GPUS);
            return new FixedLatencyEngines(GPUS, Duration.ZERO, (device, batch) -> {
                busy.countDown();
                await(busy, device);
            });
        }

        private static void await(CountDownLatch busy, ComputeDevice device) {
            try {
                if (!busy.await(2, TimeUnit.MINUTES)) {
                    throw new InferenceException(device + " computes, and " + busy.getCount() + " have no work");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Eight GPUs, of which one fails. */
    @Configuration(proxyBeanMethods = false)
    static class OneFails {
        @Bean
        @Primary
        InferenceEngines eight() {
            CountDownLatch busy = new CountDownLatch(GPUS);
            return new FixedLatencyEngines(GPUS, Duration.ZERO, (device, batch) -> {
                busy.countDown();
                Eight.await(busy, device);
                if (device.index() == 5) {
                    throw new InferenceException(
                            "A batch failed: CUDA error",
                            new EngineException("CUDA error: an illegal memory access was encountered"));
                }
            });
        }
    }

    private CommandLine shop(String result) {
        return new CommandLine(folder)
                .classifier("models/tiny")
                .table(
                        "shop.lines",
                        IntStream.range(0, ROWS)
                                .mapToObj(row -> row + ",milk and bread " + row)
                                .collect(Collectors.joining("\n", "id,text\n", "\n")))
                .job(result, """
                        steps:
                          - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: 16 }
                          - infer:
                              model: gs://models/tiny
                              task: text-classification
                              text: text
                              to: gs://results/%s
                              format: jsonl
                              dtype: float32
                              block: { rows: 4 }
                        """.formatted(result));
    }

    @Test
    void allComputeAtOnceAndAnswerAsOne() throws Exception {
        Ended one = shop("one").with(One.class).run("job=one");
        Ended eight = shop("eight").with(Eight.class).run("job=eight");

        assertThat(one.exit()).as(one.words()).isZero();
        assertThat(eight.exit()).as(eight.words()).isZero();
        assertThat(rows("eight")).hasSize(ROWS).isEqualTo(rows("one"));
    }

    @Test
    void oneThatFailsIsNamedAndMayWorkAgain() {
        Ended ended = shop("fails").with(OneFails.class).run("job=fails");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(1);
        assertThat(ended.words()).contains("gpu:5: A batch failed: CUDA error");
    }

    /** The lines of a result, in the order of its manifest. */
    private List<String> rows(String result) throws IOException {
        Path results = folder.resolve("local/buckets/results").resolve(result);
        List<String> rows = new ArrayList<>();
        JsonNode manifest = JsonMapper.shared().readTree(Files.readAllBytes(results.resolve("manifest.json")));
        manifest.path("shards").forEach(shard -> {
            try {
                rows.addAll(
                        Files.readAllLines(results.resolve(shard.path("name").stringValue())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return rows;
    }
}
