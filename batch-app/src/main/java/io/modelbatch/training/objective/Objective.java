package io.modelbatch.training.objective;

import ai.djl.ndarray.NDArray;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.Task;
import io.modelbatch.model.TaskModel;
import io.modelbatch.token.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task that a model learns: all of a training that depends on the task. {@link LearnedTask} makes one of the options of a job file. It has
 * no state. What it finds in the rows, such as the labels, is kept in the configuration of the model.
 *
 * <p>The training loop promises:
 *
 * <ul>
 *   <li>A row has a value for each of the {@link #columns}, in their order, and none is null. The rows of a run are always the same, in the
 *       same order.
 *   <li>The order of the examples and the examples of each batch depend on the seed and the number of the step alone. Held-out rows never
 *       reach the {@link #loss}.
 *   <li>{@link #loss} is called once for each optimizer step, with the whole batch, so that it may compare examples of a batch with each
 *       other. It may call the model several times. The loop computes the gradients and changes the weights.
 *   <li>Before each {@link #loss} the loop seeds the generator of the engine with a number of that step. Dropout, and random numbers that
 *       the loss takes from {@link TrainingPass#manager}, are the same when a training resumes from a checkpoint.
 *   <li>{@link #measure} is called after each epoch, without dropout and without gradients.
 *   <li>A loss, a gradient or an output that is NaN or infinite ends the training, so an objective need not look for them.
 *   <li>All calls come from one thread. Arrays of a pass are on the device of the model and are released when the call returns.
 * </ul>
 *
 * @param <E> the examples that it makes of rows
 */
public interface Objective<E extends Example> {
    /** The task of the trained model in {@code infer}. {@code evaluate} runs the model in the same way. */
    Task task();

    /** The columns that it reads. */
    List<LearnedColumn> columns();

    /** The metrics that {@code evaluate} computes, and {@code publish} can require. */
    List<Metric> metrics();

    /** The labels that a base model has learned, by number; empty for a model that learns the labels of the rows. */
    Optional<List<String>> learnedLabels(PretrainedModel base);

    /**
     * The model in its state before the first step: finds the labels, and adds the head that the base model lacks.
     *
     * @param seed the same seed gives the same new weights
     * @throws UnfitRowsException when nothing can be learned from the rows, or they have labels that the model lacks
     */
    TaskModel begin(PretrainedModel base, SplitRows rows, long seed);

    /** A row as the model learns from it. */
    E example(Row row, TaskModel model, Tokenizer tokenizer);

    /** The mean loss of a batch: one number, computed from outputs of the model. */
    NDArray loss(TrainingPass pass, List<E> batch);

    /** The metrics on the held-out examples after an epoch; some of the {@link #metrics}. NaN where there are no examples. */
    Map<Metric, Double> measure(EvaluationPass pass, List<E> heldOut);

    /** The texts that {@code evaluate} gives to the trained model. */
    Questions questions(List<Row> heldOut);

    /**
     * Compares the answers of the trained model with the held-out rows.
     *
     * @param answers for each column of the answers, by the name that {@code infer} writes, the value for each of the {@link #questions}
     */
    Evaluation evaluate(TaskModel trained, SplitRows rows, Map<String, List<@Nullable Object>> answers);
}
