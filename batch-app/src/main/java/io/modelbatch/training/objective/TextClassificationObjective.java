package io.modelbatch.training.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;
import io.modelbatch.facts.Evaluated;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.Task;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One label for each text or pair of texts: cross entropy over the labels. */
final class TextClassificationObjective implements Objective<LabelledText> {
    /** The column of the answers that has the best label of each text. */
    private static final String LABEL = "label";

    /** The column with the score of that label. */
    private static final String SCORE = "score";

    private final DataOptions data;

    TextClassificationObjective(DataOptions data) {
        this.data = data;
    }

    @Override
    public Task task() {
        return Task.TEXT_CLASSIFICATION;
    }

    @Override
    public List<LearnedColumn> columns() {
        List<LearnedColumn> columns = new ArrayList<>();
        columns.add(new LearnedColumn("text", data.text(), LearnedColumn.Values.TEXT));
        if (data.textPair() != null) {
            columns.add(new LearnedColumn("text-pair", data.textPair(), LearnedColumn.Values.TEXT));
        }
        columns.add(new LearnedColumn("label", data.label(), LearnedColumn.Values.LABEL));
        return columns;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY, Metric.F1_MACRO);
    }

    @Override
    public Optional<List<String>> learnedLabels(PretrainedModel base) {
        return base.learnedLabels();
    }

    /** The labels are those of the model where it has learned some, else those of the rows in alphabetical order. */
    @Override
    public TaskModel begin(PretrainedModel base, SplitRows rows, long seed) {
        List<String> labels = learnedLabels(base)
                .orElseGet(() -> List.copyOf(new TreeSet<>(
                        rows.all().map(TextClassificationObjective::label).toList())));
        rows.all().forEach(row -> requireKnown(row, labels, base.directory().toString()));
        if (labels.size() < 2) {
            throw new UnfitRowsException("Column '" + data.label() + "' has "
                    + (labels.isEmpty() ? "no label: the query gave no row" : "only the label '" + labels.get(0) + "'")
                    + "; a classifier needs at least two");
        }
        return base.forFineTuning(ProblemType.SINGLE_LABEL_CLASSIFICATION, labels, seed);
    }

    @Override
    public LabelledText example(Row row, TaskModel model, Tokenizer tokenizer) {
        return new LabelledText(
                tokenizer.encode(text(row), pair(row)), model.config().labels().indexOf(label(row)));
    }

    @Override
    public NDArray loss(TrainingPass pass, List<LabelledText> batch) {
        NDArray labels = pass.manager()
                .create(batch.stream().mapToLong(LabelledText::label).toArray());
        NDArray logits = pass.outputs(batch.stream().map(LabelledText::tokens).toList());
        return Loss.softmaxCrossEntropyLoss().evaluate(new NDList(labels), new NDList(logits));
    }

    @Override
    public Map<Metric, Double> measure(EvaluationPass pass, List<LabelledText> heldOut) {
        boolean[] right = new boolean[heldOut.size()];
        pass.forEachBatch(heldOut.stream().map(LabelledText::tokens).toList(), (positions, logits) -> {
            long[] best = logits.argMax(1).toLongArray();
            for (int i = 0; i < best.length; i++) {
                int position = positions.get(i);
                right[position] = best[i] == heldOut.get(position).label();
            }
        });
        long count = 0;
        for (boolean one : right) {
            count += one ? 1 : 0;
        }
        return Map.of(Metric.ACCURACY, right.length == 0 ? Double.NaN : (double) count / right.length);
    }

    @Override
    public Questions questions(List<Row> heldOut) {
        List<String> pairs =
                heldOut.stream().flatMap(row -> Stream.ofNullable(pair(row))).toList();
        return new Questions(texts(heldOut), data.textPair() == null ? Optional.empty() : Optional.of(pairs));
    }

    @Override
    public Evaluation evaluate(TaskModel trained, SplitRows rows, Map<String, List<@Nullable Object>> answers) {
        List<String> labels = trained.config().labels();
        rows.all().forEach(row -> requireKnown(row, labels, trained.directory().toString()));
        List<Integer> truth = labels(rows.heldOut(), labels);
        ConfusionMatrix model = ConfusionMatrix.of(
                labels,
                truth,
                Objects.requireNonNull(answers.get(LABEL)).stream()
                        .map(label -> labels.indexOf(String.valueOf(label)))
                        .toList());
        Baselines baselines = new Baselines(labels.size(), texts(rows.training()), labels(rows.training(), labels));
        Calibration calibration = calibration(rows.heldOut(), answers);
        List<Integer> majority = truth.stream().map(row -> baselines.majority()).toList();
        List<Integer> words = rows.heldOut().stream()
                .map(row -> baselines.bagOfWords(text(row)))
                .toList();
        return new Evaluation(
                Map.of(Metric.ACCURACY, model.accuracy(), Metric.F1_MACRO, model.f1Macro()),
                new Evaluated(
                        truth.size(),
                        model.accuracy(),
                        ConfusionMatrix.of(labels, truth, majority).accuracy(),
                        ConfusionMatrix.of(labels, truth, words).accuracy(),
                        model.f1Macro(),
                        model.labels(),
                        model.counts(),
                        calibration.bins(),
                        calibration.expectedError(),
                        calibration.mistakes()));
    }

    private static Calibration calibration(List<Row> rows, Map<String, List<@Nullable Object>> answers) {
        List<@Nullable Object> labels = Objects.requireNonNull(answers.get(LABEL));
        List<@Nullable Object> scores = Objects.requireNonNull(answers.get(SCORE));
        return new Calibration(IntStream.range(0, rows.size())
                .mapToObj(i -> new Calibration.Answer(
                        rows.get(i),
                        text(rows.get(i)),
                        label(rows.get(i)),
                        String.valueOf(labels.get(i)),
                        ((Number) Objects.requireNonNull(scores.get(i))).doubleValue()))
                .toList());
    }

    private static List<String> texts(List<Row> rows) {
        return rows.stream().map(TextClassificationObjective::text).toList();
    }

    private static List<Integer> labels(List<Row> rows, List<String> labels) {
        return rows.stream().map(row -> labels.indexOf(label(row))).toList();
    }

    private static String text(Row row) {
        return row.values().get(0);
    }

    private @Nullable String pair(Row row) {
        return data.textPair() == null ? null : row.values().get(1);
    }

    private static String label(Row row) {
        return row.values().get(row.values().size() - 1);
    }

    private void requireKnown(Row row, List<String> labels, String model) {
        String label = label(row);
        if (!labels.contains(label)) {
            throw new UnfitRowsException("The row with key '" + row.key() + "' has the " + data.label() + " '" + label
                    + "', which the model " + model + " lacks; it knows " + String.join(", ", labels)
                    + ". Fix the row, or start from a model without a classifier, which learns the labels of the rows");
        }
    }
}
