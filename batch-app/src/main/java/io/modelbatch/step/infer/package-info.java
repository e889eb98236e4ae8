/**
 * The step type {@code infer}: partitions of rows through a model. What is not about the model is in {@code step.rows}.
 *
 * <ul>
 *   <li>{@link PinInference} pins the rows, the version of the model ({@code @latest} becomes a version) and its fingerprint, the columns
 *       of the result, and the precision. It commits them as one record, {@link PinnedInference}, with the options of the step, before any
 *       partition begins. The decision stays after the first committed block.
 *   <li>{@link ChoosePrecision} chooses the precision. With {@code dtype: auto} or {@code int8}, a {@code PrecisionTrial} sends the first
 *       rows through float32 and the smaller type.
 *   <li>{@link InferencePartitions} reads {@link PinnedInference}, refuses a model with another fingerprint, loads the weights, and builds
 *       the step of each partition.
 *   <li>{@link OpenModels} verifies files once and loads weights once in a process, for all who use them, and starts the
 *       {@code ComputeEngine}.
 *   <li>{@code TextModel} computes the answers, and {@link InferencePartitions} puts the keys beside them: an {@link AnsweredBlock}.
 *   <li>{@link PartitionUsage} sums tokens, padding, truncated texts, and the seconds for rows, model and writing, over all executions.
 * </ul>
 */
@NullMarked
package io.modelbatch.step.infer;

import org.jspecify.annotations.NullMarked;
