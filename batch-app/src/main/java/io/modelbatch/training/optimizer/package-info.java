/**
 * AdamW and the learning rate schedules.
 *
 * <p>{@link Optimizer} is a small TorchScript module: clipping and fused AdamW. {@link LearningRate} is the schedule.
 */
@NullMarked
package io.modelbatch.training.optimizer;

import org.jspecify.annotations.NullMarked;
