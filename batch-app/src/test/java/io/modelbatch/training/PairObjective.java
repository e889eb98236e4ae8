package io.modelbatch.training;

import ai.djl.ndarray.NDArray;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.Task;
import io.modelbatch.model.TaskModel;
import io.modelbatch.token.TokenIds;
import io.modelbatch.token.Tokenizer;
import io.modelbatch.training.objective.Evaluation;
import io.modelbatch.training.objective.EvaluationPass;
import io.modelbatch.training.objective.Example;
import io.modelbatch.training.objective.LearnedColumn;
import io.modelbatch.training.objective.Metric;
import io.modelbatch.training.objective.Objective;
import io.modelbatch.training.objective.Questions;
import io.modelbatch.training.objective.Row;
import io.modelbatch.training.objective.SplitRows;
import io.modelbatch.training.objective.TrainingPass;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Another task for the loop: examples of two texts, as a contrastive loss has them. Only what the loop calls is there.
 *
 * @param of the loss of a batch
 */
record PairObjective(BiFunction<TrainingPass, List<Pair>, NDArray> of) implements Objective<PairObjective.Pair> {
    /** Two texts that mean the same. */
    record Pair(TokenIds first, TokenIds second) implements Example {
        @Override
        public String content() {
            return Arrays.toString(first.ids()) + Arrays.toString(second.ids());
        }
    }

    @Override
    public NDArray loss(TrainingPass pass, List<Pair> batch) {
        return of.apply(pass, batch);
    }

    @Override
    public Map<Metric, Double> measure(EvaluationPass pass, List<Pair> heldOut) {
        return Map.of();
    }

    @Override
    public List<Metric> metrics() {
        return List.of();
    }

    @Override
    public Task task() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<LearnedColumn> columns() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<List<String>> learnedLabels(PretrainedModel base) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TaskModel begin(PretrainedModel base, SplitRows rows, long seed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Pair example(Row row, TaskModel model, Tokenizer tokenizer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Questions questions(List<Row> heldOut) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Evaluation evaluate(TaskModel trained, SplitRows rows, Map<String, List<@Nullable Object>> answers) {
        throw new UnsupportedOperationException();
    }
}
