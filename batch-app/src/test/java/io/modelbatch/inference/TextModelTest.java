package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.Maps;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.TorchScriptArchive;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.Precision;
import io.modelbatch.result.Column;
import io.modelbatch.result.Entity;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenIds;
import io.modelbatch.token.TokenizedText;
import io.modelbatch.token.Tokenizer;
import io.modelbatch.token.TokenizerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TextModelTest {
    private static final RecordSchema KEYED = new RecordSchema(
            List.of(new RecordSchema.Field("id", FieldType.STRING), AnswerColumns.LABEL, AnswerColumns.SCORE));
    private static final ComputeEngine ENGINE = ComputeEngine.start();
    private static final double TOLERANCE = 1e-4;
    private static final ModelConfig.Sizes SIZES = new ModelConfig.Sizes(700, 66, 48, 2);

    @TempDir
    Path folder;

    static Stream<String> fixtures() throws Exception {
        return Fixture.names().stream().filter(name -> !name.equals("training"));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void answersAsThePipelineAloneAndInMixedBatches(String name) throws Exception {
        Fixture fixture = Fixture.named(name);
        for (int budget : new int[] {1, 200, 100_000}) {
            TextModelOptions options = TextModelOptions.on(ComputeDevice.CPU)
                    .withTokenBudget(budget)
                    .withMaxLength(OptionalInt.of(fixture.maxLength()));
            try (TextModel model = open(fixture, options)) {
                Answers answers = classify(model, fixture).orElseThrow();
                assertThat(answers.rejected()).isEmpty();
                compare(fixture, answers);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-classification", "bert-pair-typed", "bert-float16"})
    void logitsAreTheReferencesInMixedBatches(String name) throws Exception {
        Fixture fixture = Fixture.named(name);
        List<TokenIds> rows =
                fixture.cases().stream().map(TextModelTest::tokens).toList();
        try (InferenceEngine engine = InferenceEngine.load(
                DisplayPath.of(archive(fixture)), model(fixture).call(), ENGINE, ComputeDevice.CPU)) {
            for (TokenBatch batch : new TokenBatcher(0).pack(rows, () -> 700)) {
                float[][] logits = engine.run(batch);
                for (int i = 0; i < logits.length; i++) {
                    double[] expected =
                            fixture.cases().get(batch.indices().get(i)).logits();
                    for (int j = 0; j < expected.length; j++) {
                        assertThat((double) logits[i][j]).isCloseTo(expected[j], within(TOLERANCE));
                    }
                }
            }
        }
    }

    @Test
    void threadsShareOneModel() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        TextModelOptions options = TextModelOptions.on(ComputeDevice.CPU).withTokenBudget(200);
        try (TextModel classifier = open(fixture, options)) {
            Map<String, List<Object>> alone = values(classify(classifier, fixture));
            List<Map<String, List<Object>>> together = IntStream.range(0, 16)
                    .parallel()
                    .mapToObj(i -> values(classify(classifier, fixture)))
                    .toList();
            assertThat(together).allMatch(alone::equals);
        }
    }

    @Test
    void givesTheBestFewLabels() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        TextModelOptions options = TextModelOptions.on(ComputeDevice.CPU).withTopK(OptionalInt.of(2));
        try (TextModel classifier = open(fixture, options)) {
            Answers answers = classify(classifier, fixture).orElseThrow();
            assertThat(answers.columns()).containsOnlyKeys("scores");
            for (int row = 0; row < answers.rows(); row++) {
                Map<?, ?> scores = (Map<?, ?>) answers.column("scores").value(row);
                assertThat(scores).hasSize(2);
                assertThat(scores.keySet().iterator().next())
                        .isEqualTo(fixture.cases().get(row).json().path("label").stringValue());
            }
        }
    }

    @Test
    void reportsItsWork() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        try (TextModel classifier =
                open(fixture, TextModelOptions.on(ComputeDevice.CPU).withTokenBudget(64))) {
            Answers.Usage work = classify(classifier, fixture).orElseThrow().usage();
            long tokens =
                    fixture.cases().stream().mapToLong(one -> one.ids().length).sum();
            assertThat(work.tokens()).isEqualTo(tokens);
            assertThat(work.paddedTokens()).isGreaterThanOrEqualTo(tokens);
            assertThat(work.paddedTokens()).isLessThan(tokens * 3 / 2);
            assertThat(work.batches()).isPositive();
            assertThat(work.computing()).isPositive();
        }
    }

    /** An engine that looks at nothing but the token itself: whatever the windows, it says the same of it. */
    @Test
    void windowsOfALongTextAreReadAsOne() throws Exception {
        Fixture fixture = Fixture.named("bert-tokens");
        String text = "milk 2x ¥1887, O'Neil bagel and bread ".repeat(3).strip();
        int labels = model(fixture).config().labels().size();
        InferenceEngine engine = InferenceEngine.load(
                DisplayPath.of(archive(fixture)), model(fixture).call(), ENGINE, ComputeDevice.CPU);
        InferenceEngine byToken = new Twin(engine, batch -> {
            float[][] numbers = new float[batch.rows().size()][batch.width() * labels];
            for (int row = 0; row < numbers.length; row++) {
                int[] ids = batch.rows().get(row).ids();
                for (int i = 0; i < ids.length; i++) {
                    numbers[row][i * labels + ids[i] % labels] = ids[i] % 7;
                }
            }
            return numbers;
        });
        List<List<Entity>> read = new ArrayList<>();
        for (OptionalInt window : List.of(OptionalInt.empty(), OptionalInt.of(12), OptionalInt.of(20))) {
            Tokenizer tokenizer = Tokenizer.open(fixture.model(), 512, window);
            try (TextModel model = new TextModel(
                    new TextReader(tokenizer, SIZES, "", TextModelOptions.LongText.CHUNK, true),
                    new TokenClassification(
                            model(fixture).config().labels(),
                            tokenizer,
                            TokenAggregation.SIMPLE,
                            TextReader.overlap(tokenizer)),
                    new TokenBatcher(0),
                    TokenBudget.fixed(100),
                    new ForwardPasses(List.of(new Twin(closed(), byToken::run)), 2))) {
                Answers answers = model.submit(List.of(text), Optional.empty())
                        .await(() -> false)
                        .orElseThrow();
                read.add(((List<?>) answers.column("entities").value(0))
                        .stream().map(Entity.class::cast).toList());
            }
        }
        engine.close();
        assertThat(read.get(0)).hasSizeGreaterThan(5);
        assertThat(read.get(1))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("score")
                .isEqualTo(read.get(0));
        assertThat(read.get(2))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("score")
                .isEqualTo(read.get(0));
    }

    /** An engine that is there to be closed. */
    private static InferenceEngine closed() {
        return new InferenceEngine() {
            @Override
            public float[][] run(TokenBatch batch) {
                throw new IllegalStateException();
            }

            @Override
            public ComputeDevice device() {
                return ComputeDevice.CPU;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void aTokenThatTheModelDoesNotKnowIsSetAside() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        InferenceEngine engine = InferenceEngine.load(
                DisplayPath.of(archive(fixture)), model(fixture).call(), ENGINE, ComputeDevice.CPU);
        Tokenizer tokenizer = Tokenizer.open(fixture.model(), 66, OptionalInt.empty());
        int rare = tokenizer.encode("milk", null).ids()[1];
        try (TextModel model = new TextModel(
                new TextReader(
                        tokenizer,
                        new ModelConfig.Sizes(rare, 66, 48, 2),
                        "",
                        TextModelOptions.LongText.TRUNCATE,
                        false),
                decoder(fixture),
                new TokenBatcher(0),
                TokenBudget.fixed(100),
                new ForwardPasses(List.of(engine), 1))) {
            Answers answers = model.submit(List.of("milk", ""), Optional.empty())
                    .await(() -> false)
                    .orElseThrow();

            assertThat(answers.rejected()).containsOnlyKeys(0);
            assertThat(answers.rejected().get(0))
                    .contains("token " + rare, "vocab_size " + rare, "belongs to another model");
        }
    }

    @Test
    void stopsBetweenBatches() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        InferenceEngine engine = InferenceEngine.load(
                DisplayPath.of(archive(fixture)), model(fixture).call(), ENGINE, ComputeDevice.CPU);
        AtomicInteger passes = new AtomicInteger();
        AtomicReference<PendingAnswers> pending = new AtomicReference<>();
        InferenceEngine stopping = new Twin(engine, batch -> {
            while (pending.get() == null) {
                Thread.onSpinWait();
            }
            passes.incrementAndGet();
            pending.get().cancel();
            return engine.run(batch);
        });
        try (TextModel classifier = classifier(fixture, 1, stopping)) {
            pending.set(classifier.submit(column(fixture, false), Optional.empty()));
            assertThat(pending.get().await(() -> passes.get() > 0)).isEmpty();
        }
        assertThat(passes.get()).isBetween(1, 2); // the two lanes
    }

    @Test
    void setsAsideRowsWithoutText() throws Exception {
        Fixture fixture = Fixture.named("bert-pair");
        try (TextModel classifier = open(fixture, TextModelOptions.on(ComputeDevice.CPU))) {
            List<@Nullable String> texts = Arrays.asList("a", "b", null, "c");
            List<@Nullable String> seconds = Arrays.asList(null, "b", "c", "d");

            Answers answers = classifier
                    .submit(texts, Optional.of(seconds))
                    .await(() -> false)
                    .orElseThrow();

            assertThat(answers.rejected())
                    .containsExactly(entry(0, "has no second text (null)"), entry(2, "has no text (null)"));
            Column labels = answers.column("label");
            assertThat(IntStream.range(0, 4).filter(row -> labels.value(row) == null))
                    .containsExactly(0, 2);
            assertThat(answers.records(KEYED, "id", List.of("a", "b", "c", "d")).rows())
                    .isEqualTo(2);
        }
    }

    @Test
    void answersNothingWhereEveryRowIsRejected() throws Exception {
        try (TextModel classifier =
                open(Fixture.named("bert-classification"), TextModelOptions.on(ComputeDevice.CPU))) {
            Answers answers = classifier
                    .submit(Arrays.asList(null, null), Optional.empty())
                    .await(() -> false)
                    .orElseThrow();

            assertThat(answers.rejected()).hasSize(2);
            assertThat(answers.rows()).isEqualTo(2);
        }
    }

    @Test
    void setsAsideWhatTheTokenizerMakesNothingOf() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        Tokenizer tokenizer = Tokenizer.open(fixture.model(), 66, OptionalInt.empty());
        Tokenizer picky = new Tokenizer() {
            @Override
            public TokenIds encode(String text, @Nullable String pair) {
                if (text.equals("refused")) {
                    throw new TokenizerException("the tokenizer refuses its text");
                }
                return switch (text) {
                    case "" -> new TokenIds(new int[0], new int[0]);
                    case "strange" -> new TokenIds(new int[] {2, 700, 3}, new int[3]);
                    case "typed" -> new TokenIds(new int[] {2, 3}, new int[] {0, 2});
                    default -> tokenizer.encode(text, pair);
                };
            }

            @Override
            public TokenizedText tokenize(String text) {
                return tokenizer.tokenize(text);
            }

            @Override
            public List<TokenIds> encodeWindows(String text, int overlap) {
                return tokenizer.encodeWindows(text, overlap);
            }

            @Override
            public List<TokenizedText> tokenizeWindows(String text, int overlap) {
                return tokenizer.tokenizeWindows(text, overlap);
            }

            @Override
            public String token(TokenizedText text, int index) {
                return tokenizer.token(text, index);
            }

            @Override
            public boolean continues(TokenizedText text, int index) {
                return tokenizer.continues(text, index);
            }

            @Override
            public String join(List<String> tokens) {
                return tokenizer.join(tokens);
            }

            @Override
            public int room() {
                return tokenizer.room();
            }

            @Override
            public int maxLength() {
                return tokenizer.maxLength();
            }

            @Override
            public void close() {
                tokenizer.close();
            }
        };
        InferenceEngine engine = InferenceEngine.load(
                DisplayPath.of(archive(fixture)), model(fixture).call(), ENGINE, ComputeDevice.CPU);
        try (TextModel classifier = model(fixture, picky, 1_024, engine)) {
            Answers answers = classifier
                    .submit(List.of("refused", "milk", "", "strange", "typed"), Optional.empty())
                    .await(() -> false)
                    .orElseThrow();

            assertThat(answers.rejected())
                    .containsExactly(
                            entry(0, "cannot be tokenized: the tokenizer refuses its text"),
                            entry(2, "has a text without any tokens"),
                            entry(
                                    3,
                                    "has the token 700, which the model does not know (vocab_size 700): tokenizer.json"
                                            + " belongs to another model"),
                            entry(
                                    4,
                                    "has the token type 2, which the model does not know (type_vocab_size 2):"
                                            + " tokenizer_config.json belongs to another model"));
            assertThat(answers.column("label").value(1)).isNotNull();
        }
    }

    @Test
    void setsAsideARowThatIsAnsweredWithNoNumber() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        InferenceEngine engine = InferenceEngine.load(
                DisplayPath.of(archive(fixture)), model(fixture).call(), ENGINE, ComputeDevice.CPU);
        InferenceEngine overflowing = new Twin(engine, batch -> {
            float[][] numbers = engine.run(batch);
            for (int i = 0; i < numbers.length; i++) {
                numbers[i][0] = batch.indices().get(i) == 3 ? Float.NaN : numbers[i][0];
            }
            return numbers;
        });
        try (TextModel classifier = classifier(fixture, 200, overflowing)) {
            Answers answers = classify(classifier, fixture).orElseThrow();

            assertThat(answers.rejected()).containsOnlyKeys(3);
            assertThat(answers.rejected().get(3)).contains("NaN", "bfloat16");
            compare(fixture, answers);
        }
    }

    @Test
    void halvesWhatDoesNotFitIntoMemoryAndRemembersIt() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        int longest = longest(fixture);
        SmallMemory small = new SmallMemory(
                InferenceEngine.load(
                        DisplayPath.of(archive(fixture)), model(fixture).call(), ENGINE, ComputeDevice.CPU),
                longest);
        try (TextModel classifier = classifier(fixture, 100_000, new Twin(small.engine, small))) {
            compare(fixture, classify(classifier, fixture).orElseThrow());
            int refused = small.refused.getAndSet(0);

            compare(fixture, classify(classifier, fixture).orElseThrow());

            assertThat(refused).isPositive();
            assertThat(small.refused).hasValue(0);
        }
    }

    @Test
    void aRowThatDoesNotFitIntoMemoryAloneIsSetAside() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        int longest = longest(fixture);
        SmallMemory small = new SmallMemory(
                InferenceEngine.load(
                        DisplayPath.of(archive(fixture)), model(fixture).call(), ENGINE, ComputeDevice.CPU),
                longest - 1);
        try (TextModel classifier = classifier(fixture, 100_000, new Twin(small.engine, small))) {
            List<Answers> all = IntStream.range(0, 8)
                    .parallel()
                    .mapToObj(i -> classify(classifier, fixture).orElseThrow())
                    .toList();

            for (Answers answers : all) {
                assertThat(answers.rejected()).isNotEmpty().allSatisfy((row, reason) -> {
                    assertThat(fixture.cases().get(row).ids()).hasSize(longest);
                    assertThat(reason)
                            .isEqualTo("does not fit into memory, even in a batch of its own (" + longest + " tokens)");
                });
                compare(fixture, answers);
            }
        }
    }

    @Test
    void aRowIsNotSetAsideBecauseAnotherThreadHasTheMemory() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        int longest = longest(fixture);
        SharedMemory shared = new SharedMemory(
                InferenceEngine.load(
                        DisplayPath.of(archive(fixture)), model(fixture).call(), ENGINE, ComputeDevice.CPU),
                longest);
        try (TextModel classifier = classifier(fixture, longest, new Twin(shared.engine, shared))) {
            List<Answers> all = IntStream.range(0, 32)
                    .parallel()
                    .mapToObj(i -> classify(classifier, fixture).orElseThrow())
                    .toList();

            assertThat(all).allSatisfy(answers -> assertThat(answers.rejected()).isEmpty());
        }
    }

    @Test
    void refusesWhatIsNoArchive() throws Exception {
        Path file = folder.resolve("broken.pt");
        Files.writeString(file, "nonsense");
        assertThatThrownBy(() -> InferenceEngine.load(
                        DisplayPath.of(file),
                        model(Fixture.named("bert-classification")).call(),
                        ENGINE,
                        ComputeDevice.CPU))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining(file.toString());
    }

    /** An engine whose memory holds few tokens. */
    /** An engine whose memory holds few tokens of a pass. */
    private record SmallMemory(InferenceEngine engine, long capacity, AtomicInteger refused)
            implements Function<TokenBatch, float[][]> {
        SmallMemory(InferenceEngine engine, long capacity) {
            this(engine, capacity, new AtomicInteger());
        }

        @Override
        public float[][] apply(TokenBatch batch) {
            if (batch.paddedTokens() > capacity) {
                refused.incrementAndGet();
                throw new DeviceMemoryException(batch.rows().size() + " rows do not fit", new OutOfMemoryError());
            }
            return engine.run(batch);
        }
    }

    /** An engine whose memory holds few tokens of all passes together. */
    private record SharedMemory(InferenceEngine engine, long capacity, AtomicLong taken)
            implements Function<TokenBatch, float[][]> {
        SharedMemory(InferenceEngine engine, long capacity) {
            this(engine, capacity, new AtomicLong());
        }

        @Override
        public float[][] apply(TokenBatch batch) {
            try {
                if (taken.addAndGet(batch.paddedTokens()) > capacity) {
                    throw new DeviceMemoryException("taken", new OutOfMemoryError());
                }
                return engine.run(batch);
            } finally {
                taken.addAndGet(-batch.paddedTokens());
            }
        }
    }

    /** An engine with other passes. */
    private record Twin(InferenceEngine engine, Function<TokenBatch, float[][]> pass) implements InferenceEngine {
        @Override
        public float[][] run(TokenBatch batch) {
            return pass.apply(batch);
        }

        @Override
        public ComputeDevice device() {
            return engine.device();
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private static TextModel classifier(Fixture fixture, int budget, InferenceEngine engine) throws Exception {
        return model(fixture, Tokenizer.open(fixture.model(), 66, OptionalInt.empty()), budget, engine);
    }

    private static TextModel model(Fixture fixture, Tokenizer tokenizer, int budget, InferenceEngine engine)
            throws Exception {
        return new TextModel(
                new TextReader(tokenizer, SIZES, "", TextModelOptions.LongText.TRUNCATE, false),
                decoder(fixture),
                new TokenBatcher(0),
                TokenBudget.fixed(budget),
                new ForwardPasses(List.of(engine), 2));
    }

    private static int longest(Fixture fixture) {
        return fixture.cases().stream().mapToInt(one -> one.ids().length).max().orElseThrow();
    }

    private static Decoder decoder(Fixture fixture) throws Exception {
        return TextClassification.decoder(
                (Head.TextClassification) model(fixture).head(), OptionalInt.empty());
    }

    private static void compare(Fixture fixture, Answers answers) {
        assertThat(answers.rows()).isEqualTo(fixture.cases().size());
        for (int row = 0; row < answers.rows(); row++) {
            Fixture.Case one = fixture.cases().get(row);
            if (answers.rejected().containsKey(row)) {
                continue;
            }
            for (Map.Entry<String, Column> column : answers.columns().entrySet()) {
                compare(one, column.getKey(), column.getValue().value(row));
            }
        }
    }

    private static Map<String, List<Object>> values(Optional<Answers> answers) {
        return Maps.transformValues(answers.orElseThrow().columns(), Column::asList);
    }

    private static void compare(Fixture.Case one, String column, Object value) {
        JsonNode expected = one.json().path(column);
        if (value instanceof String) {
            assertThat(value).isEqualTo(expected.stringValue());
        } else if (value instanceof Double number) {
            assertThat(number).isCloseTo(expected.doubleValue(), within(TOLERANCE));
        } else if (value instanceof Map<?, ?> scores) {
            assertThat(scores).hasSize(expected.size());
            expected.properties()
                    .forEach(entry -> assertThat((double) scores.get(entry.getKey()))
                            .isCloseTo(entry.getValue().doubleValue(), within(TOLERANCE)));
        } else if (value instanceof List<?> entities) {
            assertThat(entities).as(one.text()).hasSize(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                compare(expected.get(i), (Entity) entities.get(i));
            }
        } else {
            float[] embedding = (float[]) value;
            assertThat(embedding).hasSize(expected.size());
            for (int i = 0; i < embedding.length; i++) {
                assertThat((double) embedding[i]).isCloseTo(expected.get(i).doubleValue(), within(TOLERANCE));
            }
        }
    }

    private static void compare(JsonNode expected, Entity entity) {
        assertThat(List.of(entity.entity(), entity.start(), entity.end(), entity.word()))
                .isEqualTo(List.of(
                        expected.path("entity").stringValue(),
                        expected.path("start").longValue(),
                        expected.path("end").longValue(),
                        expected.path("word").stringValue()));
        assertThat(entity.score()).isCloseTo(expected.path("score").doubleValue(), within(TOLERANCE));
    }

    private static Optional<Answers> classify(TextModel classifier, Fixture fixture) {
        boolean pairs = fixture.cases().get(0).pair() != null;
        return classifier
                .submit(column(fixture, false), pairs ? Optional.of(column(fixture, true)) : Optional.empty())
                .await(() -> false);
    }

    private static List<@Nullable String> column(Fixture fixture, boolean second) {
        List<@Nullable String> column = new ArrayList<>();
        fixture.cases().forEach(one -> column.add(second ? one.pair() : one.text()));
        return Collections.unmodifiableList(column);
    }

    private static TokenIds tokens(Fixture.Case one) {
        int[] ids = Arrays.stream(one.ids()).mapToInt(Math::toIntExact).toArray();
        long[] types = one.types();
        return new TokenIds(
                ids,
                types == null
                        ? new int[ids.length]
                        : Arrays.stream(types).mapToInt(Math::toIntExact).toArray());
    }

    private static TaskModel model(Fixture fixture) throws Exception {
        return PretrainedModel.open(fixture.model()).forTask(fixture.task());
    }

    private Path archive(Fixture fixture) throws Exception {
        Path file = folder.resolve(fixture.model().getParent().getFileName() + ".pt");
        if (!Files.exists(file)) {
            TorchScriptArchive.write(
                    file,
                    model(fixture)
                            .script(new ArchiveVariant.Inference(Precision.FLOAT32, ArchiveVariant.Layout.PLAIN)));
        }
        return file;
    }

    private TextModel open(Fixture fixture, TextModelOptions options) throws Exception {
        ModelRepository models =
                new ModelRepository(ObjectStores.folder(folder.resolve("buckets")), folder.resolve("cache"));
        return TextModel.open(model(fixture), models, InferenceEngines.pyTorch(), Precision.FLOAT32, options);
    }
}
