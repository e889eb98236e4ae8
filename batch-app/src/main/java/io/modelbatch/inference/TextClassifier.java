package io.modelbatch.inference;

import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.ModelConfig;
import io.modelbatch.model.SequenceClassifier;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenIds;
import io.modelbatch.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A sequence classifier that answers blocks of texts. Safe for several threads, which share its weights. */
public final class TextClassifier implements AutoCloseable {
    private final Tokenizer tokenizer;
    private final TokenBatcher batcher;
    private final InferenceEngine engine;
    private final Decoder decoder;

    TextClassifier(Tokenizer tokenizer, TokenBatcher batcher, InferenceEngine engine, Decoder decoder) {
        this.tokenizer = tokenizer;
        this.batcher = batcher;
        this.engine = engine;
        this.decoder = decoder;
    }

    /**
     * Loads a model.
     *
     * @param archive its archive, as {@link io.modelbatch.model.ModelRepository#archive} gives it
     * @throws InferenceException when the engine refuses the archive
     * @throws io.modelbatch.token.TokenizerException when the tokenizer's files are damaged
     */
    public static TextClassifier open(
            SequenceClassifier model, Path archive, ComputeEngine engine, ClassifierOptions options)
            throws IOException {
        ModelConfig config = model.config();
        Decoder decoder = TextClassification.decoder(config.head(), options.topK());
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
     * Answers a block of rows.
     *
     * @param texts the text of each row
     * @param pairs the second text of each row; empty when the model reads one text
     * @param stop asked between forward passes whether to give up
     * @return the answers in the order of the rows; empty when it was told to stop
     * @throws RowException when a row has no text
     * @throws InferenceException when a forward pass fails
     */
    public Optional<Answers> classify(
            List<@Nullable String> texts, Optional<List<@Nullable String>> pairs, BooleanSupplier stop) {
        long start = System.nanoTime();
        List<TokenIds> tokens = tokenize(texts, pairs);
        List<TokenBatch> batches = batcher.pack(tokens);
        long tokenized = System.nanoTime();
        Object[][] answers = new Object[texts.size()][];
        for (TokenBatch batch : batches) {
            if (stop.getAsBoolean()) {
                return Optional.empty();
            }
            run(batch, answers);
        }
        Answers.Work work = new Answers.Work(
                batches.stream().mapToLong(TokenBatch::tokens).sum(),
                batches.stream().mapToLong(TokenBatch::paddedTokens).sum(),
                batches.size(),
                Duration.ofNanos(tokenized - start),
                Duration.ofNanos(System.nanoTime() - tokenized));
        return Optional.of(new Answers(columns(), byColumn(answers), work));
    }

    /** Tokenizing is the processor's work beside a card, so all of the processor does it. */
    private List<TokenIds> tokenize(List<@Nullable String> texts, Optional<List<@Nullable String>> pairs) {
        pairs.filter(seconds -> seconds.size() != texts.size()).ifPresent(seconds -> {
            throw new IllegalArgumentException(texts.size() + " texts, but " + seconds.size() + " second texts");
        });
        requireTexts(texts, "text");
        pairs.ifPresent(seconds -> requireTexts(seconds, "second text"));
        List<TokenIds> tokens = IntStream.range(0, texts.size())
                .parallel()
                .mapToObj(row -> tokenize(texts.get(row), pairs.map(seconds -> seconds.get(row))))
                .toList();
        for (int row = 0; row < tokens.size(); row++) {
            if (tokens.get(row).length() == 0) {
                throw new RowException(row, "has a text that the tokenizer makes no token of");
            }
        }
        return tokens;
    }

    private TokenIds tokenize(@Nullable String text, Optional<String> pair) {
        return tokenizer.encode(Objects.requireNonNull(text), pair.orElse(null));
    }

    private static void requireTexts(List<@Nullable String> texts, String what) {
        for (int row = 0; row < texts.size(); row++) {
            if (texts.get(row) == null) {
                throw new RowException(row, "has no " + what + " (null)");
            }
        }
    }

    /** A batch that does not fit into memory is halved until it does. */
    private void run(TokenBatch batch, Object[][] answers) {
        try {
            float[][] numbers = engine.run(batch);
            for (int i = 0; i < numbers.length; i++) {
                answers[batch.indices().get(i)] = decoder.decode(numbers[i]).toArray();
            }
        } catch (DeviceMemoryException e) {
            if (batch.rows().size() == 1) {
                throw e;
            }
            batch.halves().forEach(half -> run(half, answers));
        }
    }

    private List<List<Object>> byColumn(Object[][] rows) {
        List<List<Object>> columns = new ArrayList<>();
        for (int i = 0; i < columns().size(); i++) {
            int column = i;
            columns.add(Arrays.stream(rows).map(row -> row[column]).toList());
        }
        return columns;
    }

    @Override
    public void close() {
        engine.close();
        tokenizer.close();
    }
}
