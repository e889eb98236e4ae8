package io.modelbatch.bench;

import io.modelbatch.device.DeviceException;
import io.modelbatch.inference.Answers;
import io.modelbatch.inference.InferenceEngines;
import io.modelbatch.inference.InferenceException;
import io.modelbatch.inference.MatrixPeak;
import io.modelbatch.inference.PendingAnswers;
import io.modelbatch.inference.TextModel;
import io.modelbatch.model.AnsweringModel;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.ShardWriter;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.token.TokenizerException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Reads rows, tokenizes, computes and writes Parquet as an {@code infer} step does, without job repository, buckets and restart, and
 * says what it took.
 */
public final class Bench {
    private static final int ROWS_OF_A_BLOCK = 2_048;
    /** One is computed while another is read or written. */
    private static final int BLOCKS_IN_HAND = 2;
    /** The rows of the first answers, which a person waits for. */
    private static final int FIRST_ROWS = 32;

    private static final double NANOS = 1e9;
    /** The name of the column of the keys. */
    private static final String KEY = "id";

    private final ModelRepository models;
    private final LongSupplier sinceStart;

    /** With the models that there are. Times count from the start of this process. */
    public Bench(ModelRepository models) {
        this(
                models,
                () -> (System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime()));
    }

    /** With models in folders of this machine. */
    public static Bench local(Path cache) {
        return new Bench(new ModelRepository(ObjectStores.folder(cache.resolve("no-buckets")), cache));
    }

    Bench(ModelRepository models, LongSupplier millisSinceStart) {
        this.models = models;
        this.sinceStart = millisSinceStart;
    }

    private record Block(List<Object> keys, PendingAnswers answers) {}

    /** Sums over all blocks. */
    private static final class Sums {
        long rows;
        long tokens;
        long paddedTokens;
        long computingNanos;
        double first;

        void add(Answers answers) {
            rows += answers.rows();
            tokens += answers.usage().tokens();
            paddedTokens += answers.usage().paddedTokens();
            computingNanos += answers.usage().computing().toNanos();
        }
    }

    /**
     * Measures.
     *
     * @throws BenchException when the model cannot be used
     * @throws IOException when files cannot be read or written
     */
    public BenchResult run(BenchOptions options) throws IOException {
        try {
            return measure(options);
        } catch (ModelException | TokenizerException | InferenceException | DeviceException e) {
            throw new BenchException(String.valueOf(e.getMessage()));
        }
    }

    private BenchResult measure(BenchOptions options) throws IOException {
        AnsweringModel task =
                models.open(options.model(), options.trustedSha256()).forTask(options.task());
        Path out = options.out().isPresent()
                ? Files.createDirectories(options.out().get())
                : Files.createTempDirectory("modelbatch-bench");
        Sums sums = new Sums();
        try (TextModel model =
                        TextModel.open(task, models, InferenceEngines.pyTorch(), options.precision(), options.how());
                BenchRows rows = BenchRows.open(options.rows());
                ShardWriter writer = ShardWriter.parquet()) {
            long loaded = System.nanoTime();
            answer(model, rows, writer, out, sums);
            double seconds = (System.nanoTime() - loaded) / NANOS;
            double total = sinceStart.getAsLong() / 1e3;
            double forward = sums.computingNanos / NANOS / model.lanes();
            return new BenchResult(
                    options.model(),
                    options.precision().toString(),
                    options.how().devices().toString(),
                    model.tokenBudget(),
                    sums.rows,
                    sums.rows / seconds,
                    sums.tokens / seconds,
                    (double) sums.paddedTokens / Math.max(1, sums.tokens),
                    forward / seconds,
                    gflops(task, sums.paddedTokens, forward),
                    MatrixPeak.gflops(options.precision(), options.how()),
                    sums.first,
                    total,
                    PeakMemory.mib());
        } finally {
            if (options.out().isEmpty()) {
                deleteAll(out);
            }
        }
    }

    private static OptionalDouble gflops(AnsweringModel model, long paddedTokens, double seconds) {
        OptionalLong each = model.multiplicationsPerToken();
        return each.isPresent()
                ? OptionalDouble.of(2.0 * each.getAsLong() * paddedTokens / seconds / 1e9)
                : OptionalDouble.empty();
    }

    private void answer(TextModel model, BenchRows rows, ShardWriter writer, Path out, Sums sums) throws IOException {
        Deque<Block> inHand = new ArrayDeque<>();
        int written = 0;
        for (boolean more = true; more || !inHand.isEmpty(); ) {
            while (more && inHand.size() < BLOCKS_IN_HAND) {
                Optional<BenchRows.Block> next = rows.next(ROWS_OF_A_BLOCK);
                more = next.isPresent();
                next.ifPresent(
                        block -> inHand.add(new Block(block.keys(), model.submit(block.texts(), Optional.empty()))));
            }
            if (!inHand.isEmpty()) {
                Block block = inHand.remove();
                if (sums.first == 0) {
                    block.answers().await(Math.min(FIRST_ROWS, block.keys().size()));
                    sums.first = sinceStart.getAsLong() / 1e3;
                }
                Answers answers = block.answers().await(() -> false).orElseThrow();
                writer.write(
                        answers.records(schema(block.keys(), model), KEY, block.keys()),
                        out.resolve("part-%05d.parquet".formatted(written++)));
                sums.add(answers);
            }
        }
    }

    private static RecordSchema schema(List<Object> keys, TextModel model) {
        List<RecordSchema.Field> fields = new ArrayList<>();
        fields.add(new RecordSchema.Field(KEY, keys.get(0) instanceof Long ? FieldType.INT64 : FieldType.STRING));
        fields.addAll(model.columns());
        return new RecordSchema(fields);
    }

    private static void deleteAll(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
