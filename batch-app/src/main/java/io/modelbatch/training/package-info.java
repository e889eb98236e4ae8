/**
 * A model learning.
 *
 * <p>{@link TrainingLoop} makes batches ({@link TrainingBatches}), runs forward and backward passes ({@link TrainableModel}), takes
 * optimizer steps and saves checkpoints ({@link TrainingState}). It knows no task. An {@code Objective} decides everything that depends on
 * the task; its Javadoc says what the loop promises. {@link TrainOptions} has the model, task and device, and four groups:
 * {@code DataOptions}, {@link LoopOptions}, {@code ScheduleOptions} and {@code OptimizerOptions}. The keys of the groups stand beside the
 * others in job files. The order of each epoch and the dropout of each step come from the seed and the number of the step alone. So a
 * training that was killed ends with the same weights, bit for bit, on the same kind of machine with as many threads.
 */
@NullMarked
package io.modelbatch.training;

import org.jspecify.annotations.NullMarked;
