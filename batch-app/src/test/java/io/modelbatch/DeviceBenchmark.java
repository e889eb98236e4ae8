package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.modelbatch.inference.FixedLatencyEngines;
import io.modelbatch.model.Fixture;
import io.modelbatch.token.Tokenizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the rows a second of a whole {@code infer} step with one and with more GPUs, which are of {@linkplain FixedLatencyEngines fixed
 * latency}: the same rows are read, tokenized, decoded, written and committed. The latency leaves the processors idle for most of the time, and the
 * processor time of a token says from which rate on they would be the limit. Prints figures and asserts none:
 * {@code ./mvnw -pl batch-app test -Dtest=DeviceBenchmark -Dtest.jvm=}. {@code -Dlatency=1000} is the milliseconds of a pass of 8,192 tokens,
 * {@code -Drows=65536} the number of rows, and {@code -Dgpus=1,8} the numbers of GPUs, of which the
 * first is what the others are compared with.
 */
class DeviceBenchmark {
    private static final int LATENCY = Integer.getInteger("latency", 1_000);
    private static final int ROWS = Integer.getInteger("rows", 65_536);
    private static final String GPUS = System.getProperty("gpus", "1,8");
    /** Machines with eight GPUs have 12 to 28 processors for each. */
    private static final int PROCESSORS = 12;

    private static final int WARM_UP = 20_000;
    private static final double NANOS = 1e9;
    private static final Pattern ENDED =
            Pattern.compile("\"step-ended\"[^\n]*\"step\":\"infer\"[^\n]*\"seconds\":([0-9.]+)");

    @TempDir
    private Path folder;

    @Test
    void measure() throws Exception {
        int tokens = tokenizer();
        System.setProperty(FixedLatency.MILLIS, "0");
        run(1, WARM_UP);
        rememberBudget();
        double processor = processorSeconds();
        run(1, WARM_UP);
        processor = processorSeconds() - processor;
        double ofAProcessor = WARM_UP * tokens / processor;
        System.out.printf("whole step: %,.0f tokens in a second of one processor%n", ofAProcessor);
        System.setProperty(FixedLatency.MILLIS, String.valueOf(LATENCY));
        double one = 0;
        for (int gpus : Stream.of(GPUS.split(",")).map(Integer::valueOf).toList()) {
            double seconds = run(gpus, ROWS);
            double rate = ROWS / seconds;
            one = one == 0 ? rate / gpus : one;
            System.out.printf(
                    "%d GPUs: %,d rows of %d tokens in %.1f s, %,.0f rows and %,.0f tokens a second, %.2f × one;"
                            + " with %d processors for each GPU they are the limit from %,.0f tokens a second of a GPU on%n",
                    gpus,
                    ROWS,
                    tokens,
                    seconds,
                    rate,
                    rate * tokens,
                    rate / one,
                    PROCESSORS,
                    PROCESSORS * ofAProcessor);
        }
    }

    /** Prints its rate on one processor. */
    private static int tokenizer() throws IOException {
        try (Tokenizer tokenizer =
                Tokenizer.open(Fixture.named("bert-classification").model(), 66, OptionalInt.empty())) {
            long tokens = 0;
            long start = 0;
            for (int row = 0; row < 3 * WARM_UP; row++) {
                if (row == WARM_UP) {
                    start = System.nanoTime();
                    tokens = 0;
                }
                tokens += tokenizer.encode(text(row), null).length();
            }
            System.out.printf(
                    "tokenizer: %,.0f tokens a second on one processor%n",
                    tokens * NANOS / (System.nanoTime() - start));
            return Math.toIntExact(tokens / (2 * WARM_UP));
        }
    }

    private static String text(int row) {
        return "milk 2x, O'Neil bagel and bread, apples and yoghurt " + row;
    }

    private double run(int gpus, int rows) {
        System.setProperty(FixedLatency.GPUS, String.valueOf(gpus));
        CommandLine shop = new CommandLine(folder)
                .with(FixedLatency.class)
                .table(
                        "shop.lines",
                        IntStream.range(0, rows)
                                .mapToObj(row -> row + ",\"" + text(row) + "\"")
                                .collect(Collectors.joining("\n", "id,text\n", "\n")))
                .job("predict", """
                        steps:
                          - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: 16 }
                          - infer:
                              model: gs://models/tiny
                              task: text-classification
                              text: text
                              to: gs://results/all
                              dtype: float32
                        """);
        shop.classifier("models/tiny");
        CommandLine.Ended ended = shop.run("job=predict", "again=true");
        assertThat(ended.exit()).as(ended.words()).isZero();
        Matcher seconds = ENDED.matcher(ended.output());
        assertThat(seconds.find()).as(ended.output()).isTrue();
        return Double.parseDouble(seconds.group(1));
    }

    /** The size of a batch that takes the latency; a search for the best one would take many passes. */
    private void rememberBudget() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("local/cache"))) {
            List<Path> archives =
                    files.filter(file -> file.toString().endsWith(".pt")).toList();
            assertThat(archives).hasSize(1);
            Files.writeString(
                    archives.get(0).resolveSibling(archives.get(0).getFileName() + ".gpu-tokens"),
                    String.valueOf(FixedLatencyEngines.TOKENS));
        }
    }

    private static double processorSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / NANOS;
    }
}
