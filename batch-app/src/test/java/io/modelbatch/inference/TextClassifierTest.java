package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.ArchiveVariant;
import io.modelbatch.model.Dtype;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.SequenceClassifier;
import io.modelbatch.model.TorchScriptArchive;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenIds;
import io.modelbatch.token.Tokenizer;
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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextClassifierTest {
    private static final ComputeEngine ENGINE = ComputeEngine.start(1);
    private static final double TOLERANCE = 1e-4;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-classification",
                "bert-multi-label",
                "bert-regression",
                "bert-pair",
                "bert-pair-typed",
                "bert-cased-sharded",
                "bert-bfloat16",
                "bert-float16"
            })
    void answersAsThePipelineAloneAndInMixedBatches(String name) throws Exception {
        Fixture fixture = Fixture.named(name);
        for (int budget : new int[] {1, 200, 100_000}) {
            ClassifierOptions options = ClassifierOptions.on(ComputeDevice.CPU).withTokenBudget(budget);
            try (TextClassifier classifier = open(fixture, options)) {
                compare(fixture, classify(classifier, fixture).orElseThrow());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-classification", "bert-pair-typed", "bert-float16"})
    void logitsAreTheReferencesInMixedBatches(String name) throws Exception {
        Fixture fixture = Fixture.named(name);
        List<TokenIds> rows =
                fixture.cases().stream().map(TextClassifierTest::tokens).toList();
        try (InferenceEngine engine = InferenceEngine.load(archive(fixture), ENGINE, ComputeDevice.CPU)) {
            for (TokenBatch batch : new TokenBatcher(700, 0).pack(rows)) {
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
        try (TextClassifier classifier = open(fixture, ClassifierOptions.on(ComputeDevice.CPU))) {
            List<List<Object>> alone =
                    classify(classifier, fixture).orElseThrow().values();
            List<List<List<Object>>> together = IntStream.range(0, 16)
                    .parallel()
                    .mapToObj(i -> classify(classifier, fixture).orElseThrow().values())
                    .toList();
            assertThat(together).allMatch(alone::equals);
        }
    }

    @Test
    void givesTheBestFewLabels() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        ClassifierOptions options = ClassifierOptions.on(ComputeDevice.CPU).withTopK(OptionalInt.of(2));
        try (TextClassifier classifier = open(fixture, options)) {
            Answers answers = classify(classifier, fixture).orElseThrow();
            assertThat(answers.columns()).containsExactly(new Answers.Column("scores", Answers.Column.Type.SCORES));
            for (int row = 0; row < answers.rows(); row++) {
                Map<?, ?> scores = (Map<?, ?>) answers.values().get(0).get(row);
                assertThat(scores).hasSize(2);
                assertThat(scores.keySet().iterator().next())
                        .isEqualTo(fixture.cases().get(row).json().path("label").stringValue());
            }
        }
    }

    @Test
    void reportsItsWork() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        try (TextClassifier classifier =
                open(fixture, ClassifierOptions.on(ComputeDevice.CPU).withTokenBudget(64))) {
            Answers.Work work = classify(classifier, fixture).orElseThrow().work();
            long tokens =
                    fixture.cases().stream().mapToLong(one -> one.ids().length).sum();
            assertThat(work.tokens()).isEqualTo(tokens);
            assertThat(work.paddedTokens()).isGreaterThanOrEqualTo(tokens);
            assertThat(work.padding()).isBetween(1.0, 1.5);
            assertThat(work.batches()).isPositive();
            assertThat(work.computing()).isPositive();
        }
    }

    @Test
    void stopsBetweenBatches() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        AtomicInteger asked = new AtomicInteger();
        ClassifierOptions options = ClassifierOptions.on(ComputeDevice.CPU).withTokenBudget(64);
        try (TextClassifier classifier = open(fixture, options)) {
            assertThat(classifier.classify(
                            column(fixture, false), Optional.empty(), () -> asked.incrementAndGet() == 3))
                    .isEmpty();
            assertThat(asked).hasValue(3);
        }
    }

    @Test
    void namesTheRowWithoutText() throws Exception {
        Fixture fixture = Fixture.named("bert-pair");
        try (TextClassifier classifier = open(fixture, ClassifierOptions.on(ComputeDevice.CPU))) {
            List<@Nullable String> texts = Arrays.asList("a", "b", null);
            assertThatThrownBy(() -> classifier.classify(texts, Optional.empty(), () -> false))
                    .isInstanceOfSatisfying(
                            RowException.class, e -> assertThat(e.row()).isEqualTo(2))
                    .hasMessageContaining("Row 2 of the block has no text");
            List<@Nullable String> seconds = Arrays.asList(null, "b");
            assertThatThrownBy(() -> classifier.classify(List.of("a", "b"), Optional.of(seconds), () -> false))
                    .isInstanceOf(RowException.class)
                    .hasMessageContaining("Row 0 of the block has no second text");
        }
    }

    @Test
    void halvesWhatDoesNotFitIntoMemory() throws Exception {
        Fixture fixture = Fixture.named("bert-classification");
        SmallMemory small = new SmallMemory(InferenceEngine.load(archive(fixture), ENGINE, ComputeDevice.CPU), 100);
        Decoder decoder = TextClassification.decoder(model(fixture).config().head(), OptionalInt.empty());
        try (TextClassifier classifier = new TextClassifier(
                Tokenizer.open(fixture.model(), 66, OptionalInt.empty()),
                new TokenBatcher(100_000, 0),
                small,
                decoder)) {
            compare(fixture, classify(classifier, fixture).orElseThrow());
            assertThat(small.refused).isPositive();
        }
        SmallMemory none = new SmallMemory(small, 0);
        try (TextClassifier classifier = new TextClassifier(
                Tokenizer.open(fixture.model(), 66, OptionalInt.empty()), new TokenBatcher(64, 0), none, decoder)) {
            assertThatThrownBy(() -> classify(classifier, fixture))
                    .isInstanceOf(DeviceMemoryException.class)
                    .hasMessageContaining("1 rows");
        }
    }

    @Test
    void refusesWhatIsNoArchive() throws Exception {
        Path file = folder.resolve("broken.pt");
        Files.writeString(file, "nonsense");
        assertThatThrownBy(() -> InferenceEngine.load(file, ENGINE, ComputeDevice.CPU))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining(file.toString());
    }

    /** An engine whose memory holds few tokens. */
    private static final class SmallMemory implements InferenceEngine {
        private final InferenceEngine engine;
        private final long capacity;
        private int refused;

        SmallMemory(InferenceEngine engine, long capacity) {
            this.engine = engine;
            this.capacity = capacity;
        }

        @Override
        public float[][] run(TokenBatch batch) {
            if (batch.paddedTokens() > capacity) {
                refused++;
                throw new DeviceMemoryException(batch.rows().size() + " rows do not fit", new OutOfMemoryError());
            }
            return engine.run(batch);
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private static void compare(Fixture fixture, Answers answers) {
        assertThat(answers.rows()).isEqualTo(fixture.cases().size());
        for (int row = 0; row < answers.rows(); row++) {
            Fixture.Case one = fixture.cases().get(row);
            for (int column = 0; column < answers.columns().size(); column++) {
                compare(
                        one,
                        answers.columns().get(column),
                        answers.values().get(column).get(row));
            }
        }
    }

    private static void compare(Fixture.Case one, Answers.Column column, Object value) {
        switch (column.type()) {
            case STRING ->
                assertThat(value).isEqualTo(one.json().path(column.name()).stringValue());
            case FLOAT64 ->
                assertThat((double) value)
                        .isCloseTo(one.json().path(column.name()).doubleValue(), within(TOLERANCE));
            case SCORES -> {
                Map<?, ?> scores = (Map<?, ?>) value;
                assertThat(scores).hasSize(one.json().path("scores").size());
                one.json()
                        .path("scores")
                        .properties()
                        .forEach(entry -> assertThat((double) scores.get(entry.getKey()))
                                .isCloseTo(entry.getValue().doubleValue(), within(TOLERANCE)));
            }
        }
    }

    private static Optional<Answers> classify(TextClassifier classifier, Fixture fixture) {
        boolean pairs = fixture.cases().get(0).pair() != null;
        return classifier.classify(
                column(fixture, false), pairs ? Optional.of(column(fixture, true)) : Optional.empty(), () -> false);
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

    private static SequenceClassifier model(Fixture fixture) throws Exception {
        return PretrainedModel.open(fixture.model()).classifier();
    }

    private Path archive(Fixture fixture) throws Exception {
        Path file = folder.resolve(fixture.model().getParent().getFileName() + ".pt");
        if (!Files.exists(file)) {
            TorchScriptArchive.write(file, model(fixture).script(new ArchiveVariant.Inference(Dtype.FLOAT32)));
        }
        return file;
    }

    private TextClassifier open(Fixture fixture, ClassifierOptions options) throws Exception {
        return TextClassifier.open(model(fixture), archive(fixture), ENGINE, options);
    }
}
