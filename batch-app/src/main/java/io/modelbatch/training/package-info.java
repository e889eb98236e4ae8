/**
 * A model learning.
 *
 * <p>{@link TrainingLoop} makes batches, runs forward and backward passes, takes optimizer steps and saves checkpoints. It knows no task.
 * An {@code Objective} decides everything that depends on the task; its Javadoc says what the loop promises. {@link TrainOptions} has five
 * groups: {@code DataOptions}, {@link LoopOptions}, {@code ScheduleOptions}, {@code OptimizerOptions}, and the device. Their keys are flat
 * in job files. The order of each epoch and the dropout of each step come from the seed and the number of the step alone. So a training
 * that was killed ends with the same weights, bit for bit, on the same kind of machine with as many threads.
 */
@NullMarked
package io.modelbatch.training;

import org.jspecify.annotations.NullMarked;
