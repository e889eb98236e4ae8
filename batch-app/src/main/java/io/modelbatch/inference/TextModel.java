package io.modelbatch.inference;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.AnsweringModel;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenizedText;
import io.modelbatch.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that answers blocks of texts. Several blocks, of several threads, may be in progress at once: their texts are tokenized while
 * the device computes, and they share the weights. What does not fit into the device's memory is tried again in halves, and the size
 * at which that helped is kept for all that follows.
 */
public final class TextModel implements AutoCloseable {
    /** Texts that are tokenized at a time by one thread. */
    private static final int SLICE = 128;

    private static final Logger log = LoggerFactory.getLogger(TextModel.class);

    private final TextReader reader;
    private final Decoder decoder;
    private final TokenBatcher batcher;
    private final TokenBudget budget;
    private final ForwardPasses passes;
    private final ExecutorService tokenizing;

    TextModel(TextReader reader, Decoder decoder, TokenBatcher batcher, TokenBudget budget, ForwardPasses passes) {
        this.reader = reader;
        this.decoder = decoder;
        this.batcher = batcher;
        this.budget = budget;
        this.passes = passes;
        this.tokenizing = Executors.newFixedThreadPool(
                ComputeEngine.processors(),
                new ThreadFactoryBuilder()
                        .setNameFormat("tokenizer")
                        .setDaemon(true)
                        .build());
    }

    /**
     * Loads a model.
     *
     * @param models keeps its archives
     * @param on where it computes
     * @throws InferenceException when the engine refuses the archive
     * @throws io.modelbatch.token.TokenizerException when the tokenizer's files are damaged
     * @throws io.modelbatch.model.tensor.ModelException when tokenizer and model do not belong together
     */
    public static TextModel open(
            AnsweringModel model,
            ModelRepository models,
            InferenceEngines on,
            Precision precision,
            TextModelOptions options)
            throws IOException {
        requirePrecision(model, precision);
        Tokenizer tokenizer = tokenizer(model, options);
        List<InferenceEngine> engines = new ArrayList<>();
        try {
            String prompt = prompt(model, options);
            AnsweringModel computed = model instanceof TaskModel task && !prompt.isEmpty()
                    ? task.withPromptOf(tokens(prompt, tokenizer))
                    : model;
            Path archive = LoadEngines.load(computed, models, on, precision, options, engines);
            Decoder decoder = decoder(model, tokenizer, options);
            TokenBudget budget = options.tokenBudget().isPresent()
                    ? TokenBudget.fixed(options.tokenBudget().getAsInt())
                    : TokenBudget.of(archive, options.onCards());
            return new TextModel(
                    new TextReader(tokenizer, model.sizes(), prompt, options.longText(), decoder.needsPlaces()),
                    decoder,
                    new TokenBatcher(model.padTokenId()),
                    budget,
                    new ForwardPasses(engines, ForwardPasses.lanesOfEach(options)));
        } catch (IOException | RuntimeException e) {
            engines.forEach(InferenceEngine::close);
            tokenizer.close();
            throw e;
        }
    }

    /**
     * Refuses what {@link #open} would refuse before it loads the weights: the tokenizer's files, the length, the prompt, ambiguous labels.
     *
     * @param precision the type that it computes in; empty where a trial decides
     * @return the columns of its answers
     */
    public static List<RecordSchema.Field> verify(
            AnsweringModel model, Optional<Precision> precision, TextModelOptions options) throws IOException {
        precision.ifPresent(wished -> requirePrecision(model, wished));
        try (Tokenizer tokenizer = tokenizer(model, options)) {
            prompt(model, options);
            return decoder(model, tokenizer, options).columns();
        }
    }

    private static void requirePrecision(AnsweringModel model, Precision precision) {
        if (!model.precisions().contains(precision)) {
            throw new ModelException(
                    "A TorchScript archive computes with the numbers that it was exported with, never in " + precision
                            + "; leave out dtype");
        }
    }

    private static Tokenizer tokenizer(AnsweringModel model, TextModelOptions options) throws IOException {
        int positions = model.sizes().positions();
        OptionalInt stated = model.texts().maxLength();
        return Tokenizer.open(
                model.directory(),
                positions,
                options.maxLength().isPresent() || stated.isEmpty()
                        ? options.maxLength()
                        : OptionalInt.of(Math.min(stated.getAsInt(), positions)),
                model.texts().lowercase() ? Tokenizer.Case.LOWER : Tokenizer.Case.AS_IT_IS);
    }

    /** The prompt before every text; empty for none. */
    private static String prompt(AnsweringModel model, TextModelOptions options) {
        String prompt = model.texts().prompt(options.prompt());
        if (!prompt.isEmpty() && options.longText() == TextModelOptions.LongText.CHUNK) {
            throw new ModelException(
                    "long-text is chunk, and only the first window of a text would begin with the prompt '" + prompt
                            + "'. Use long-text: truncate, or prompt: '' for no prompt");
        }
        return prompt;
    }

    /** The tokens of a prompt, with the special ones before it. */
    private static int tokens(String prompt, Tokenizer tokenizer) {
        TokenizedText text = tokenizer.tokenize(prompt);
        int length = text.tokens().length();
        return length > 0 && text.special()[length - 1] ? length - 1 : length;
    }

    private static Decoder decoder(AnsweringModel model, Tokenizer tokenizer, TextModelOptions options) {
        return model.head() instanceof Head.TokenClassification tokens
                ? new TokenClassification(
                        tokens.labels(), tokenizer, options.answer().aggregation(), TextReader.overlap(tokenizer))
                : decoder(model, options);
    }

    /** One that needs no tokenizer: it makes one answer of a whole text. */
    private static Decoder decoder(AnsweringModel model, TextModelOptions options) {
        if (model.head() instanceof Head.TextClassification texts) {
            return TextClassification.decoder(texts, options.answer().topK());
        }
        Head.Embedding embedding = (Head.Embedding) model.head();
        return new FeatureExtraction(
                embedding.scale(), embedding.dimensions(model.sizes().hidden()));
    }

    /** The columns of a model's answers, without opening it. */
    public static List<RecordSchema.Field> columns(AnsweringModel model, TextModelOptions options) {
        return model.head() instanceof Head.TokenClassification
                ? List.of(AnswerColumns.ENTITIES)
                : decoder(model, options).columns();
    }

    /** The columns of its answers. */
    public List<RecordSchema.Field> columns() {
        return decoder.columns();
    }

    /** Number of devices that it computes on. */
    public int devices() {
        return passes.devices();
    }

    /** Number of forward passes at a time. */
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
        List<CompletableFuture<List<ModelInput>>> slices = IntStream.iterate(
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

    private List<ModelInput> read(
            int from,
            int to,
            List<@Nullable String> texts,
            Optional<List<@Nullable String>> pairs,
            BlockInProgress pending) {
        List<ModelInput> readings = new ArrayList<>();
        for (int row = from; row < to && !pending.isCancelled(); row++) {
            try {
                List<ModelInput> ofRow = pairs.isPresent()
                        ? reader.read(row, texts.get(row), pairs.get().get(row))
                        : reader.read(row, texts.get(row));
                pending.expect(row, ofRow.size(), ofRow.get(0).ids().truncated());
                readings.addAll(ofRow);
            } catch (UnreadableException e) {
                pending.reject(row, String.valueOf(e.getMessage()));
            }
        }
        return readings;
    }

    private CompletableFuture<Void> compute(List<ModelInput> readings, BlockInProgress pending) {
        List<Integer> budgets = new ArrayList<>();
        List<TokenBatch> batches =
                batcher.pack(readings.stream().map(ModelInput::ids).toList(), () -> {
                    budgets.add(budget.next());
                    return budgets.get(budgets.size() - 1);
                });
        return all(IntStream.range(0, batches.size())
                .mapToObj(i -> passes.submit(device -> {
                    if (!pending.isCancelled()) {
                        run(batches.get(i), budgets.get(i), readings, device, pending);
                    }
                }))
                .toList());
    }

    /** Answers a batch. A failure cancels the block. */
    private void run(
            TokenBatch batch, int size, List<ModelInput> readings, SharedDevice device, BlockInProgress pending) {
        long start = System.nanoTime();
        try {
            run(batch, readings, device, pending);
        } catch (RuntimeException | Error e) {
            pending.cancel();
            throw e;
        }
        budget.done(size, batch.tokens(), System.nanoTime() - start);
    }

    /** A batch that does not fit into memory is halved until it does. */
    private void run(TokenBatch batch, List<ModelInput> readings, SharedDevice device, BlockInProgress pending) {
        boolean divisible = batch.rows().size() > 1;
        long largest = Math.min(budget.largest(), device.largest()); // which may have shrunk since it was packed
        if (divisible && batch.paddedTokens() > largest) {
            batch.halves().forEach(half -> run(half, readings, device, pending));
            return;
        }
        try {
            answer(batch, device.run(batch), readings, pending);
        } catch (DeviceMemoryException e) {
            if (divisible) {
                device.refused(batch);
                budget.atMost(passes.largest());
                batch.halves().forEach(half -> run(half, readings, device, pending));
            } else {
                runAlone(batch, readings, device, pending);
            }
        }
    }

    /** The last attempt with a row, on each device in turn, when no other thread has a pass there that takes the memory. */
    private void runAlone(TokenBatch batch, List<ModelInput> readings, SharedDevice first, BlockInProgress pending) {
        for (SharedDevice device : passes.devicesFrom(first)) {
            try {
                answer(batch, device.runAlone(batch), readings, pending);
                return;
            } catch (DeviceMemoryException e) {
                log.debug("A row does not fit into memory", e);
            }
        }
        pending.reject(
                readings.get(batch.indices().get(0)).row(),
                "does not fit into memory, even in a batch of its own (" + batch.width() + " tokens)");
    }

    private static void answer(
            TokenBatch batch, SharedDevice.Pass pass, List<ModelInput> readings, BlockInProgress pending) {
        pending.passed(batch, pass.nanos());
        float[][] numbers = pass.numbers();
        for (int i = 0; i < numbers.length; i++) {
            ModelInput reading = readings.get(batch.indices().get(i));
            if (areFinite(numbers[i])) {
                pending.answered(
                        reading.row(), reading.window(), new Window(reading.ids(), reading.text(), numbers[i]));
            } else {
                pending.reject(
                        reading.row(),
                        "has an answer of NaN or infinity. float16 overflows easily; use bfloat16 or float32");
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

    /** Drops what waits, and waits for the current passes. */
    @Override
    public void close() {
        tokenizing.shutdownNow();
        passes.close();
        reader.close();
    }
}
