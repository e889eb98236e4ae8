package io.modelbatch.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.facts.Evaluated;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.Task;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.token.TokenIds;
import io.modelbatch.token.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TextClassificationObjectiveTest {
    private static final TextClassificationObjective OBJECTIVE = objective(null);
    private static final TextClassificationObjective OF_PAIRS = objective("reply");

    /** An encoder without a classifier. */
    private final PretrainedModel base =
            PretrainedModel.open(Fixture.named("sentence-embeddings").model());

    TextClassificationObjectiveTest() throws Exception {}

    @Test
    void readsTextsAndLabels() {
        assertThat(OBJECTIVE.task()).isEqualTo(Task.TEXT_CLASSIFICATION);
        assertThat(OBJECTIVE.columns())
                .containsExactly(
                        new LearnedColumn("text", "words", LearnedColumn.Values.TEXT),
                        new LearnedColumn("label", "category", LearnedColumn.Values.LABEL));
        assertThat(OF_PAIRS.columns()).extracting(LearnedColumn::name).containsExactly("words", "reply", "category");
    }

    @Test
    void learnsTheLabelsOfTheRowsInAlphabeticalOrder() throws Exception {
        SplitRows rows =
                new SplitRows(List.of(row("milk", "dairy"), row("tea", "drinks")), List.of(row("rye", "bakery")));

        TaskModel model = OBJECTIVE.begin(base, rows, 42);

        assertThat(OBJECTIVE.learnedLabels(base)).isEmpty();
        assertThat(model.config().labels()).containsExactly("bakery", "dairy", "drinks");
        assertThat(model.config().problemType()).contains(ProblemType.SINGLE_LABEL_CLASSIFICATION);
        try (Tokenizer tokenizer = Tokenizer.open(base.directory().path(), 66, OptionalInt.empty())) {
            LabelledText example = OBJECTIVE.example(row("milk", "dairy"), model, tokenizer);
            assertThat(example.label()).isEqualTo(1);
            assertThat(example.tokens().ids())
                    .isEqualTo(tokenizer.encode("milk", null).ids());
            assertThat(OF_PAIRS.example(new Row(1, List.of("milk", "tea", "drinks")), model, tokenizer)
                            .tokens()
                            .ids())
                    .isEqualTo(tokenizer.encode("milk", "tea").ids());
        }
    }

    @Test
    void keepsTheLabelsThatAModelHasLearned() throws Exception {
        PretrainedModel classifier =
                PretrainedModel.open(Fixture.named("bert-classification").model());
        List<String> known = classifier.config().labels();
        Row unknown = new Row(7, List.of("fig", "fruit"));

        assertThat(OBJECTIVE
                        .begin(classifier, new SplitRows(List.of(row("milk", known.get(0))), List.of()), 42)
                        .config()
                        .labels())
                .isEqualTo(known);
        assertThatThrownBy(() -> OBJECTIVE.begin(classifier, new SplitRows(List.of(), List.of(unknown)), 42))
                .isInstanceOf(UnfitRowsException.class)
                .hasMessageContainingAll(
                        "key '7'",
                        "category 'fruit'",
                        classifier.directory().toString(),
                        String.join(", ", known),
                        "again=true");
    }

    @Test
    void refusesRowsWithFewerThanTwoLabels() {
        assertThatThrownBy(() -> OBJECTIVE.begin(base, new SplitRows(List.of(row("milk", "dairy")), List.of()), 42))
                .isInstanceOf(UnfitRowsException.class)
                .hasMessageContaining("Column 'category' has only the label 'dairy'");
        assertThatThrownBy(() -> OBJECTIVE.begin(base, new SplitRows(List.of(), List.of()), 42))
                .hasMessageContaining("Column 'category' has no label: the query gave no row");
    }

    @Test
    void theLossIsTheMeanCrossEntropyOfTheBatch() {
        float[][] logits = {{1, 2, 3}, {0, 0, 5}};
        try (NDManager manager = manager()) {
            NDArray loss = OBJECTIVE.loss(new Pass(manager, logits), List.of(example(2), example(0)));

            double first = -Math.log(Math.exp(3) / (Math.exp(1) + Math.exp(2) + Math.exp(3)));
            double second = -Math.log(1 / (2 + Math.exp(5)));
            assertThat((double) loss.getFloat()).isCloseTo((first + second) / 2, within(1e-6));
        }
    }

    @Test
    void measuresTheShareOfHeldOutTextsThatAreLabelledCorrectly() {
        try (NDManager manager = manager()) {
            // Batches come in an order of their own.
            EvaluationPass pass = (texts, batch) -> {
                batch.accept(List.of(2, 0), manager.create(new float[][] {{0, 1}, {3, 2}}));
                batch.accept(List.of(1), manager.create(new float[][] {{5, 4}}));
            };

            assertThat(OBJECTIVE.measure(pass, List.of(example(0), example(1), example(1))))
                    .isEqualTo(Map.of(Metric.ACCURACY, 2.0 / 3));
            assertThat(OBJECTIVE.measure((texts, batch) -> {}, List.of()))
                    .isEqualTo(Map.of(Metric.ACCURACY, Double.NaN));
        }
    }

    @Test
    void asksForTheHeldOutTexts() {
        assertThat(OBJECTIVE.questions(List.of(row("milk", "dairy"), row("tea", "drinks"))))
                .isEqualTo(new Questions(List.of("milk", "tea"), Optional.empty()));
        assertThat(OF_PAIRS.questions(List.of(new Row(1, List.of("milk", "tea", "drinks")))))
                .isEqualTo(new Questions(List.of("milk"), Optional.of(List.of("tea"))));
    }

    @Test
    void comparesTheAnswersWithTheTruthAndWithBaselines() {
        SplitRows rows = new SplitRows(
                List.of(row("oat milk", "dairy"), row("milk", "dairy"), row("rye bread", "bakery")),
                List.of(row("whole milk", "dairy"), row("bread", "bakery"), row("white bread", "bakery")));
        TaskModel trained = OBJECTIVE.begin(base, rows, 42);
        List<@Nullable Object> labels = Arrays.asList("dairy", "bakery", "dairy");
        List<@Nullable Object> scores = Arrays.asList(0.875f, 0.75f, 0.625f);

        Evaluation evaluation = OBJECTIVE.evaluate(trained, rows, Map.of("label", labels, "score", scores));

        // bakery: precision 1/1, recall 1/2. dairy: 1/2, 1/1.
        double f1 = 2.0 / 3;
        assertThat(evaluation.metrics().keySet()).containsExactlyInAnyOrderElementsOf(OBJECTIVE.metrics());
        assertThat(evaluation.metrics().get(Metric.ACCURACY)).isEqualTo(2.0 / 3);
        assertThat(evaluation.metrics().get(Metric.F1_MACRO)).isCloseTo(f1, within(1e-15));
        assertThat(evaluation.facts())
                .isEqualTo(new Evaluated(
                        3,
                        2.0 / 3,
                        1.0 / 3,
                        1.0,
                        f1,
                        List.of("bakery", "dairy"),
                        List.of(List.of(1L, 1L), List.of(0L, 1L)),
                        List.of(
                                new Evaluated.CalibrationBin(0.6, 0.7, 1, 0.625, 0),
                                new Evaluated.CalibrationBin(0.7, 0.8, 1, 0.75, 1),
                                new Evaluated.CalibrationBin(0.8, 0.9, 1, 0.875, 1)),
                        (0.625 + 0.25 + 0.125) / 3,
                        List.of(new Evaluated.Mistake("1", "white bread", "bakery", "dairy", 0.625))));
    }

    @Test
    void theContentOfAnExampleIsWhatTheLossReads() {
        assertThat(new LabelledText(new TokenIds(new int[] {2, 17, 3}, new int[] {0, 1, 1}), 4).content())
                .isEqualTo("[2, 17, 3][0, 1, 1]4");
    }

    /** Gives the same outputs whatever it is asked. */
    private record Pass(NDManager manager, float[][] logits) implements TrainingPass {
        @Override
        public NDArray outputs(List<TokenIds> texts) {
            return manager.create(logits);
        }
    }

    private static NDManager manager() {
        ComputeEngine.start();
        return NDManager.newBaseManager(ComputeEngine.NAME);
    }

    private static LabelledText example(int label) {
        return new LabelledText(new TokenIds(new int[] {2, 3}, new int[2]), label);
    }

    private static Row row(String text, String label) {
        return new Row(1, List.of(text, label));
    }

    private static TextClassificationObjective objective(@Nullable String pair) {
        return new TextClassificationObjective(new DataOptions("words", pair, "category", 0.5, null));
    }
}
