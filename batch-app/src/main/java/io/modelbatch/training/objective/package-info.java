/**
 * The tasks that a model can learn: columns, labels, head, loss and metrics of each. Knows nothing of the loop.
 *
 * <p>An {@link Objective} decides everything that depends on the task: columns, labels, the head that is added, examples, the loss of a
 * batch, the metrics after an epoch, and what {@code evaluate} asks and computes. {@link LearnedTask} makes one. {@link Metric} is the
 * registry of metrics: name, meaning, range, and which direction is better. {@code publish} compares by it ({@link MetricValues}); job
 * files and the JSON Schema read it. For text classification ({@link TextClassificationObjective}) the metrics are accuracy and macro F1
 * ({@link ConfusionMatrix}), beside two {@link Baselines}.
 */
@NullMarked
package io.modelbatch.training.objective;

import org.jspecify.annotations.NullMarked;
