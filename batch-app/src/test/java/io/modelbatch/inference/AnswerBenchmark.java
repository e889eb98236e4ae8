package io.modelbatch.inference;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordBlock;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.ShardWriter;
import io.modelbatch.token.TokenIds;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The CPU time and the Java memory that it takes to make a shard of 20,000 rows from the numbers of the model, without the forward passes.
 * Prints figures and asserts none: {@code ./mvnw -pl batch-app test -Dtest=AnswerBenchmark -Dtest.jvm=}.
 */
class AnswerBenchmark {
    private static final int ROWS = 20_000;
    private static final int ROUNDS = 9;
    private static final int LABELS = 28;
    private static final int DIMENSIONS = 384;
    private static final TokenIds IDS = new TokenIds(new int[8], new int[8]);
    private static final double NANOS = 1e9;

    @TempDir
    private Path folder;

    @Test
    void embeddings() throws Exception {
        measure(
                "embeddings of " + DIMENSIONS + " dimensions",
                new FeatureExtraction(Head.Scale.NORMALIZED, DIMENSIONS),
                numbers(DIMENSIONS));
    }

    @Test
    void bestScores() throws Exception {
        measure("5 scores of " + LABELS, scores(OptionalInt.of(5)), numbers(LABELS));
    }

    @Test
    void allScores() throws Exception {
        measure("all scores of " + LABELS, scores(OptionalInt.empty()), numbers(LABELS));
    }

    private static Decoder scores(OptionalInt topK) {
        return TextClassification.decoder(
                new Head.TextClassification(
                        Optional.of(ProblemType.MULTI_LABEL_CLASSIFICATION),
                        IntStream.range(0, LABELS).mapToObj(i -> "label " + i).toList()),
                topK);
    }

    private static List<float[]> numbers(int each) {
        Random random = new Random(7);
        return IntStream.range(0, ROWS)
                .mapToObj(row -> {
                    float[] numbers = new float[each];
                    for (int i = 0; i < each; i++) {
                        numbers[i] = (float) random.nextGaussian();
                    }
                    return numbers;
                })
                .toList();
    }

    private void measure(String what, Decoder decoder, List<float[]> numbers) throws IOException {
        for (ShardWriter writer : List.of(ShardWriter.parquet(), ShardWriter.jsonl())) {
            double[] all = new double[ROUNDS];
            double[] answering = new double[ROUNDS];
            double megabytes = 0;
            try (writer) {
                for (int round = -ROUNDS; round < ROUNDS; round++) {
                    long allocated = allocated();
                    double start = cpuSeconds();
                    RecordBlock block = answered(decoder, numbers);
                    double answered = cpuSeconds();
                    writer.write(block, folder.resolve("shard" + writer.suffix()));
                    double end = cpuSeconds();
                    if (round >= 0) {
                        answering[round] = answered - start;
                        all[round] = end - start;
                        megabytes = (allocated() - allocated) / 1e6;
                    }
                }
            }
            System.out.printf(
                    "%s, %s: %.3f CPU seconds (%.3f to %.3f), %.3f of them before the file; %.0f MB allocated%n",
                    what, writer.suffix(), median(all), min(all), max(all), median(answering), megabytes);
        }
    }

    private static RecordBlock answered(Decoder decoder, List<float[]> numbers) {
        BlockInProgress block = new BlockInProgress(ROWS, decoder);
        List<Object> keys = new ArrayList<>(ROWS);
        for (int row = 0; row < ROWS; row++) {
            keys.add((long) row);
            block.expect(row, 1, false);
            block.answered(row, 0, new Window(IDS, null, numbers.get(row)));
        }
        block.endsWith(CompletableFuture.completedFuture(null));
        List<RecordSchema.Field> fields = new ArrayList<>();
        fields.add(new RecordSchema.Field("id", FieldType.INT64));
        fields.addAll(decoder.columns());
        return block.await(() -> false).orElseThrow().records(new RecordSchema(fields), "id", keys);
    }

    private static double cpuSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / NANOS;
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static double median(double[] values) {
        return Arrays.stream(values).sorted().toArray()[values.length / 2];
    }

    private static double min(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }
}
