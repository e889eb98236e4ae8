package io.modelbatch.inference;

import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenIds;
import io.modelbatch.token.Tokenizer;
import io.modelbatch.token.TokenizerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A sequence classifier that answers blocks of texts. Safe for several threads, which share its weights. What does not fit into the
 * device's memory is tried again in halves, and the size at which that helped is kept for all that follows.
 */
public final class TextClassifier implements AutoCloseable {
    private final Tokenizer tokenizer;
    private final InferenceEngine engine;
    private final Decoder decoder;
    private final ReadWriteLock device = new ReentrantReadWriteLock();
    private volatile TokenBatcher batcher;

    TextClassifier(Tokenizer tokenizer, TokenBatcher batcher, InferenceEngine engine, Decoder decoder) {
        this.tokenizer = tokenizer;
        this.batcher = batcher;
        this.engine = engine;
        this.decoder = decoder;
    }

    /** A block of rows in hand: what is known of each. */
    private record Block(@Nullable Object[][] answers, ConcurrentSkipListMap<Integer, String> rejected) {}

    /**
     * Loads a model.
     *
     * @param archive its archive, as {@link io.modelbatch.model.ModelRepository#archive} gives it
     * @throws InferenceException when the engine refuses the archive
     * @throws io.modelbatch.token.TokenizerException when the tokenizer's files are damaged
     */
    public static TextClassifier open(TaskModel model, Path archive, ComputeEngine engine, ClassifierOptions options)
            throws IOException {
        ModelConfig config = model.config();
        Decoder decoder = TextClassification.decoder((Head.TextClassification) model.head(), options.topK());
        TokenBatcher batcher = new TokenBatcher(options.tokenBudget(), config.padTokenId());
        Tokenizer tokenizer = Tokenizer.open(model.directory(), config.sizes().positions(), options.maxLength());
        try {
            return new TextClassifier(
                    tokenizer, batcher, InferenceEngine.load(archive, engine, options.device()), decoder);
        } catch (IOException | RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** The columns of its answers. */
    public List<Answers.Column> columns() {
        return decoder.columns();
    }

    /**
     * Answers a block of rows. A row without a text, one that the tokenizer makes nothing of, one that exceeds the device's memory by
     * itself and one for which the model gives no numbers are rejected; the others are answered.
     *
     * @param texts the text of each row
     * @param pairs the second text of each row; empty when the model reads one text
     * @param stop asked between forward passes whether to give up
     * @return the answers in the order of the rows; empty when it was told to stop
     * @throws InferenceException when a forward pass fails
     */
    public Optional<Answers> classify(
            List<@Nullable String> texts, Optional<List<@Nullable String>> pairs, BooleanSupplier stop) {
        long start = System.nanoTime();
        Block block = new Block(new Object[texts.size()][columns().size()], new ConcurrentSkipListMap<>());
        List<TokenIds> tokens = tokenize(texts, pairs, block);
        List<TokenBatch> batches = batcher.pack(tokens);
        long tokenized = System.nanoTime();
        for (TokenBatch batch : batches) {
            if (stop.getAsBoolean()) {
                return Optional.empty();
            }
            run(batch, block);
        }
        Answers.Work work = new Answers.Work(
                batches.stream().mapToLong(TokenBatch::tokens).sum(),
                batches.stream().mapToLong(TokenBatch::paddedTokens).sum(),
                batches.size(),
                Duration.ofNanos(tokenized - start),
                Duration.ofNanos(System.nanoTime() - tokenized));
        return Optional.of(new Answers(columns(), byColumn(block.answers()), block.rejected(), work));
    }

    /** Tokenizing is the processor's work beside a card, so all of the processor does it. */
    private List<TokenIds> tokenize(List<@Nullable String> texts, Optional<List<@Nullable String>> pairs, Block block) {
        pairs.filter(seconds -> seconds.size() != texts.size()).ifPresent(seconds -> {
            throw new IllegalArgumentException(texts.size() + " texts, but " + seconds.size() + " second texts");
        });
        return IntStream.range(0, texts.size())
                .parallel()
                .mapToObj(row -> tokens(row, texts, pairs, block))
                .toList();
    }

    /** The tokens of a row; none when it is rejected. */
    private TokenIds tokens(
            int row, List<@Nullable String> texts, Optional<List<@Nullable String>> pairs, Block block) {
        String text = texts.get(row);
        String pair = pairs.isPresent() ? pairs.get().get(row) : null;
        if (text == null) {
            return rejected(row, "has no text (null)", block);
        } else if (pairs.isPresent() && pair == null) {
            return rejected(row, "has no second text (null)", block);
        }
        try {
            TokenIds tokens = tokenizer.encode(text, pair);
            return tokens.length() > 0
                    ? tokens
                    : rejected(row, "has a text that the tokenizer makes no token of", block);
        } catch (TokenizerException e) {
            return rejected(row, "cannot be tokenized: " + e.getMessage(), block);
        }
    }

    private static TokenIds rejected(int row, String reason, Block block) {
        block.rejected().put(row, reason);
        return new TokenIds(new int[0], new int[0]);
    }

    /** A batch that does not fit into memory is halved until it does. */
    private void run(TokenBatch batch, Block block) {
        boolean divisible = batch.rows().size() > 1;
        if (divisible && batch.paddedTokens() > batcher.tokenBudget()) { // which has shrunk since it was packed
            batch.halves().forEach(half -> run(half, block));
            return;
        }
        try {
            decode(batch, pass(batch, device.readLock()), block);
        } catch (DeviceMemoryException e) {
            if (divisible) {
                shrink(batch.paddedTokens() / 2);
                batch.halves().forEach(half -> run(half, block));
            } else {
                runAlone(batch, block);
            }
        }
    }

    private synchronized void shrink(long tokens) {
        batcher = batcher.atMost(tokens);
    }

    /** The last attempt with a row, when no other thread has a pass on the device that takes the memory. */
    private void runAlone(TokenBatch batch, Block block) {
        try {
            decode(batch, pass(batch, device.writeLock()), block);
        } catch (DeviceMemoryException e) {
            rejected(
                    batch.indices().get(0),
                    "does not fit into memory, even alone (" + batch.width() + " tokens)",
                    block);
        }
    }

    private float[][] pass(TokenBatch batch, Lock lock) {
        lock.lock();
        try {
            return engine.run(batch);
        } finally {
            lock.unlock();
        }
    }

    private void decode(TokenBatch batch, float[][] numbers, Block block) {
        for (int i = 0; i < numbers.length; i++) {
            int row = batch.indices().get(i);
            if (areFinite(numbers[i])) {
                block.answers()[row] = decoder.decode(numbers[i]).toArray();
            } else {
                rejected(
                        row,
                        "is answered with numbers that are none (NaN or infinite); with dtype float16 they become too"
                                + " large easily, bfloat16 or float32 avoid that",
                        block);
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

    private List<List<@Nullable Object>> byColumn(@Nullable Object[][] rows) {
        List<List<@Nullable Object>> columns = new ArrayList<>();
        for (int i = 0; i < columns().size(); i++) {
            List<@Nullable Object> column = new ArrayList<>(rows.length);
            for (@Nullable Object[] row : rows) {
                column.add(row[i]);
            }
            columns.add(column);
        }
        return columns;
    }

    @Override
    public void close() {
        engine.close();
        tokenizer.close();
    }
}
