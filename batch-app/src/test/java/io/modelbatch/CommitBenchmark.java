package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the cost of a block beside its forward passes: the shard's file, its upload, and the commit. The same rows are answered in
 * blocks of one row and in blocks of a hundred; the difference of the times, divided by that of the blocks. Prints figures and asserts
 * none: {@code ./mvnw -pl batch-app test -Dtest=CommitBenchmark}.
 */
class CommitBenchmark {
    private static final int ROWS = 600;
    private static final int LARGE = 100;
    private static final int ROUNDS = 5;
    private static final Pattern SECONDS =
            Pattern.compile("\"step-ended\"[^\n]*\"step\":\"infer\"[^\n]*\"seconds\":([0-9.]+)");

    @TempDir
    private Path folder;

    private int run;

    @Test
    void h2() {
        measure("H2", List.of());
    }

    @Test
    void postgresql(@TempDir Path data) throws Exception {
        try (PostgresServer server = PostgresServer.start(data)) {
            measure("PostgreSQL", List.of(PostgresServer.arguments(server.url())));
        }
    }

    private void measure(String repository, List<String> properties) {
        String lines =
                IntStream.range(0, ROWS).mapToObj(id -> id + ",milk " + id).collect(Collectors.joining("\n"));
        CommandLine shop = new CommandLine(folder)
                .table("shop.lines", "id,text\n" + lines + "\n")
                .classifier("models/tiny");
        double[] milliseconds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            double small = seconds(shop, 1, properties);
            double large = seconds(shop, LARGE, properties);
            milliseconds[round] = 1_000 * (small - large) / (ROWS - ROWS / LARGE);
        }
        Arrays.sort(milliseconds);
        System.out.printf(
                "%s: %.1f ms a block (%.1f to %.1f in %d rounds), %.2f %% of a block of ten seconds%n",
                repository,
                milliseconds[ROUNDS / 2],
                milliseconds[0],
                milliseconds[ROUNDS - 1],
                ROUNDS,
                milliseconds[ROUNDS / 2] / 100);
    }

    private double seconds(CommandLine shop, int block, List<String> properties) {
        run++;
        shop.job("predict", """
                parameters:
                  n: { type: int64 }
                steps:
                  - extract: { query: "SELECT id, text FROM shop.lines WHERE @n > 0", key: id }
                  - infer:
                      model: gs://models/tiny
                      task: text-classification
                      text: text
                      to: gs://results/${n}
                      block: { rows: BLOCK }
                """.replace("BLOCK", String.valueOf(block)));
        String[] words = Stream.concat(Stream.of("job=predict", "n=" + run), properties.stream())
                .toArray(String[]::new);
        CommandLine.Ended ended = shop.run(words);
        assertThat(ended.exit()).as(ended.words()).isZero();
        Matcher seconds = SECONDS.matcher(ended.output());
        assertThat(seconds.find()).as(ended.output()).isTrue();
        return Double.parseDouble(seconds.group(1));
    }
}
