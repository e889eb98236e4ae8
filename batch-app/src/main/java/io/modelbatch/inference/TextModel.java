package io.modelbatch.inference;

import io.modelbatch.artifact.RecordSchema;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.ArchiveVariant;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenIds;
import io.modelbatch.token.TokenizedText;
import io.modelbatch.token.Tokenizer;
import io.modelbatch.token.TokenizerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that answers blocks of texts. Several blocks may be in hand at once, of several threads: their texts are tokenized while
 * the device computes, and they share the weights. What does not fit into the device's memory is tried again in halves, and the size
 * at which that helped is kept for all that follows.
 */
public final class TextModel implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TextModel.class);
    /** Texts that are tokenized at a time by one thread. */
    private static final int SLICE = 128;
    /** Tokens that windows of a long text share, or a quarter of a window where that is less. */
    private static final int OVERLAP = 64;

    private final Tokenizer tokenizer;
    private final Decoder decoder;
    private final Limits limits;
    private final TokenBatcher batcher;
    private final TokenBudget budget;
    private final ForwardPasses passes;
    private final ExecutorService tokenizing;
    private final ReadWriteLock memory = new ReentrantReadWriteLock();

    TextModel(
            Tokenizer tokenizer,
            Decoder decoder,
            Limits limits,
            TokenBatcher batcher,
            TokenBudget budget,
            ForwardPasses passes) {
        this.tokenizer = tokenizer;
        this.decoder = decoder;
        this.limits = limits;
        this.batcher = batcher;
        this.budget = budget;
        this.passes = passes;
        this.tokenizing = Executors.newFixedThreadPool(ComputeEngine.processors(), task -> {
            Thread thread = new Thread(task, "tokenizer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * What the model can read.
     *
     * @param vocabulary number of token ids that it knows
     * @param tokenTypes number of token types that it knows; 0 where it does not look at them
     * @param longText what becomes of a longer text
     */
    record Limits(int vocabulary, int tokenTypes, TextModelOptions.LongText longText) {}

    /** What is read of a row at a time. */
    private record Reading(
            int row, int window, TokenIds ids, @Nullable TokenizedText text) {}

    /**
     * Loads a model.
     *
     * @param models keeps its archives
     * @throws InferenceException when the engine refuses the archive
     * @throws TokenizerException when the tokenizer's files are damaged
     * @throws io.modelbatch.model.tensor.ModelException when tokenizer and model do not belong together
     */
    public static TextModel open(
            TaskModel model, ModelRepository models, ComputeEngine engine, Dtype dtype, TextModelOptions options)
            throws IOException {
        ModelConfig config = model.config();
        Tokenizer tokenizer = Tokenizer.open(model.directory(), config.sizes().positions(), longest(model, options));
        List<InferenceEngine> engines = new ArrayList<>();
        try {
            Path archive = load(model, models, engine, dtype, options, engines);
            TokenBudget budget = options.tokenBudget().isPresent()
                    ? TokenBudget.fixed(options.tokenBudget().getAsInt())
                    : TokenBudget.of(archive, options.onCards());
            return new TextModel(
                    tokenizer,
                    decoder(model, tokenizer, options),
                    new Limits(config.sizes().vocabulary(), config.sizes().tokenTypes(), options.longText()),
                    new TokenBatcher(config.padTokenId()),
                    budget,
                    new ForwardPasses(engines, ForwardPasses.lanesOfEach(options)));
        } catch (IOException | RuntimeException e) {
            engines.forEach(InferenceEngine::close);
            tokenizer.close();
            throw e;
        }
    }

    private static OptionalInt longest(TaskModel model, TextModelOptions options) throws IOException {
        return options.maxLength().isPresent() ? options.maxLength() : model.maxLength();
    }

    /** Packed weights where the processor can use them. Returns the archive that was loaded. */
    static Path load(
            TaskModel model,
            ModelRepository models,
            ComputeEngine engine,
            Dtype dtype,
            TextModelOptions options,
            List<InferenceEngine> engines)
            throws IOException {
        if (!options.onCards() && mayPack(dtype)) {
            Path packed = models.archive(model, new ArchiveVariant.Inference(dtype, ArchiveVariant.Layout.PACKED));
            try {
                engines.add(InferenceEngine.load(packed, engine, ComputeDevice.CPU));
                return packed;
            } catch (InferenceException e) {
                log.info("This processor has no products with packed weights in {}: {}", dtype, e.getMessage());
            }
        }
        Path plain = models.archive(model, new ArchiveVariant.Inference(dtype, ArchiveVariant.Layout.PLAIN));
        for (ComputeDevice device : options.devices()) {
            engines.add(InferenceEngine.load(plain, engine, device));
        }
        return plain;
    }

    /** oneDNN's packed products are for x86 processors, and not for float16. */
    private static boolean mayPack(Dtype dtype) {
        return dtype != Dtype.FLOAT16 && System.getProperty("os.arch").matches("amd64|x86_64");
    }

    private static Decoder decoder(TaskModel model, Tokenizer tokenizer, TextModelOptions options) {
        if (model.head() instanceof Head.TextClassification texts) {
            return TextClassification.decoder(texts, options.topK());
        } else if (model.head() instanceof Head.TokenClassification tokens) {
            return new TokenClassification(tokens.labels(), tokenizer, overlap(tokenizer));
        }
        Head.Embedding embedding = (Head.Embedding) model.head();
        return new FeatureExtraction(embedding.scale(), model.config().sizes().hidden());
    }

    static int overlap(Tokenizer tokenizer) {
        return Math.min(OVERLAP, tokenizer.room() / 4);
    }

    /** The columns of its answers. */
    public List<RecordSchema.Field> columns() {
        return decoder.columns();
    }

    /** How many forward passes it makes at a time. */
    public int lanes() {
        return passes.lanes();
    }

    /** Tokens of a forward pass as it is now: the best size that was found so far. */
    public int tokenBudget() {
        return budget.largest();
    }

    /**
     * Begins to answer a block of rows. A row without a text, one that the tokenizer makes nothing of, one that exceeds the device's
     * memory by itself and one for which the model gives no numbers are rejected; the others are answered.
     *
     * @param texts the text of each row
     * @param pairs the second text of each row; empty when the model reads one text
     */
    public PendingAnswers submit(List<@Nullable String> texts, Optional<List<@Nullable String>> pairs) {
        pairs.filter(seconds -> seconds.size() != texts.size()).ifPresent(seconds -> {
            throw new IllegalArgumentException(texts.size() + " texts, but " + seconds.size() + " second texts");
        });
        BlockInProgress pending = new BlockInProgress(texts.size(), decoder);
        List<CompletableFuture<List<Reading>>> slices = IntStream.iterate(
                        0, from -> from < texts.size(), from -> from + SLICE)
                .mapToObj(from -> CompletableFuture.supplyAsync(
                        () -> read(from, Math.min(texts.size(), from + SLICE), texts, pairs, pending), tokenizing))
                .toList();
        pending.endsWith(all(slices)
                .thenCompose(nothing -> compute(
                        slices.stream().flatMap(slice -> slice.join().stream()).toList(), pending)));
        return pending;
    }

    private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> tasks) {
        return CompletableFuture.allOf(tasks.toArray(CompletableFuture<?>[]::new));
    }

    private List<Reading> read(
            int from,
            int to,
            List<@Nullable String> texts,
            Optional<List<@Nullable String>> pairs,
            BlockInProgress pending) {
        List<Reading> readings = new ArrayList<>();
        for (int row = from; row < to && !pending.isCancelled(); row++) {
            List<Reading> ofRow = read(row, texts, pairs, pending);
            if (!ofRow.isEmpty()) {
                pending.expect(row, ofRow.size());
            }
            readings.addAll(ofRow);
        }
        return readings;
    }

    /** The readings of a row; none when it is rejected. */
    private List<Reading> read(
            int row, List<@Nullable String> texts, Optional<List<@Nullable String>> pairs, BlockInProgress pending) {
        String text = texts.get(row);
        String pair = pairs.isPresent() ? pairs.get().get(row) : null;
        if (text == null) {
            pending.reject(row, "has no text (null)");
        } else if (pairs.isPresent() && pair == null) {
            pending.reject(row, "has no second text (null)");
        } else {
            try {
                List<Reading> readings = tokenize(row, text, pair);
                Optional<String> unknown = unknown(readings);
                if (unknown.isPresent()) {
                    pending.reject(row, unknown.get());
                } else if (readings.stream().anyMatch(reading -> reading.ids().length() == 0)) {
                    pending.reject(row, "has a text that the tokenizer makes no token of");
                } else {
                    if (readings.get(0).ids().truncated()) {
                        pending.wasTruncated();
                    }
                    return readings;
                }
            } catch (TokenizerException e) {
                pending.reject(row, "cannot be tokenized: " + e.getMessage());
            }
        }
        return List.of();
    }

    /** What the tables of embeddings do not reach to; on a card, looking it up would end the process. */
    private Optional<String> unknown(List<Reading> readings) {
        OptionalInt token = beyond(limits.vocabulary(), readings, TokenIds::ids);
        if (token.isPresent()) {
            return Optional.of("has the token " + token.getAsInt() + ", for which the model has no numbers (vocab_size "
                    + limits.vocabulary() + "): tokenizer.json is another model's");
        }
        OptionalInt type =
                limits.tokenTypes() == 0 ? OptionalInt.empty() : beyond(limits.tokenTypes(), readings, TokenIds::types);
        return type.isEmpty()
                ? Optional.empty()
                : Optional.of("has the token type " + type.getAsInt() + ", for which the model has no numbers"
                        + " (type_vocab_size " + limits.tokenTypes() + "): tokenizer_config.json is another model's");
    }

    /** Looks at every token: whatever the files say, the tokenizer's library numbers some tokens as it likes. */
    private static OptionalInt beyond(int rows, List<Reading> readings, Function<TokenIds, int[]> numbers) {
        return readings.stream()
                .flatMapToInt(reading -> Arrays.stream(numbers.apply(reading.ids())))
                .filter(number -> number >= rows)
                .findFirst();
    }

    private List<Reading> tokenize(int row, String text, @Nullable String pair) {
        if (pair != null) {
            return List.of(new Reading(row, 0, tokenizer.encode(text, pair), null));
        }
        boolean windows = limits.longText() == TextModelOptions.LongText.CHUNK;
        if (decoder.needsPlaces()) {
            List<TokenizedText> all =
                    windows ? tokenizer.tokenizeWindows(text, overlap(tokenizer)) : List.of(tokenizer.tokenize(text));
            return IntStream.range(0, all.size())
                    .mapToObj(i -> new Reading(row, i, all.get(i).tokens(), all.get(i)))
                    .toList();
        }
        List<TokenIds> all =
                windows ? tokenizer.encodeWindows(text, overlap(tokenizer)) : List.of(tokenizer.encode(text, null));
        return IntStream.range(0, all.size())
                .mapToObj(i -> new Reading(row, i, all.get(i), null))
                .toList();
    }

    private CompletableFuture<Void> compute(List<Reading> readings, BlockInProgress pending) {
        List<Integer> budgets = new ArrayList<>();
        List<TokenBatch> batches =
                batcher.pack(readings.stream().map(Reading::ids).toList(), () -> {
                    budgets.add(budget.next());
                    return budgets.get(budgets.size() - 1);
                });
        return all(IntStream.range(0, batches.size())
                .mapToObj(i -> passes.submit(engine -> {
                    if (!pending.isCancelled()) {
                        long start = System.nanoTime();
                        run(batches.get(i), readings, engine, pending);
                        budget.done(budgets.get(i), batches.get(i).tokens(), System.nanoTime() - start);
                    }
                }))
                .toList());
    }

    /** A batch that does not fit into memory is halved until it does. */
    private void run(TokenBatch batch, List<Reading> readings, InferenceEngine engine, BlockInProgress pending) {
        boolean divisible = batch.rows().size() > 1;
        if (divisible && batch.paddedTokens() > budget.largest()) { // which has shrunk since it was packed
            batch.halves().forEach(half -> run(half, readings, engine, pending));
            return;
        }
        try {
            answer(batch, pass(batch, engine, pending, memory.readLock()), readings, pending);
        } catch (DeviceMemoryException e) {
            if (divisible) {
                budget.atMost(batch.paddedTokens() / 2);
                batch.halves().forEach(half -> run(half, readings, engine, pending));
            } else {
                runAlone(batch, readings, engine, pending);
            }
        }
    }

    /** The last attempt with a row, when no other thread has a pass on a device that takes the memory. */
    private void runAlone(TokenBatch batch, List<Reading> readings, InferenceEngine engine, BlockInProgress pending) {
        try {
            answer(batch, pass(batch, engine, pending, memory.writeLock()), readings, pending);
        } catch (DeviceMemoryException e) {
            pending.reject(
                    readings.get(batch.indices().get(0)).row(),
                    "does not fit into memory, even alone (" + batch.width() + " tokens)");
        }
    }

    private static float[][] pass(TokenBatch batch, InferenceEngine engine, BlockInProgress pending, Lock lock) {
        lock.lock();
        try {
            long start = System.nanoTime();
            float[][] numbers = engine.run(batch);
            pending.passed(batch, System.nanoTime() - start);
            return numbers;
        } finally {
            lock.unlock();
        }
    }

    private static void answer(TokenBatch batch, float[][] numbers, List<Reading> readings, BlockInProgress pending) {
        for (int i = 0; i < numbers.length; i++) {
            Reading reading = readings.get(batch.indices().get(i));
            if (areFinite(numbers[i])) {
                pending.answered(
                        reading.row(), reading.window(), new Window(reading.ids(), reading.text(), numbers[i]));
            } else {
                pending.reject(
                        reading.row(),
                        "is answered with numbers that are none (NaN or infinite); with dtype float16 they become too"
                                + " large easily, bfloat16 or float32 avoid that");
            }
        }
    }

    private static boolean areFinite(float[] numbers) {
        for (float number : numbers) {
            if (!Float.isFinite(number)) {
                return false;
            }
        }
        return true;
    }

    /** Drops what waits, and waits for the passes in hand. */
    @Override
    public void close() {
        tokenizing.shutdownNow();
        passes.close();
        tokenizer.close();
    }
}
