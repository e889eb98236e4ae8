/**
 * Steps of the types that a {@code TransformType} describes: partitions of rows through a {@code RowTransform}. What is not about that is in
 * {@code step.rows}.
 *
 * <ul>
 *   <li>{@link PinTransform} is the manager: it commits {@link PinnedTransform}, from which partitions are executed in any process that
 *       has the jar of the type.
 *   <li>{@link TransformPartitions} builds the step of each partition. Each has a {@code RowTransform} of its own.
 *   <li>{@link TransformedBlocks} takes rows until a block is full: the rows of the result may take 64 MiB, so a block of the result need not
 *       be one that was read. {@link ResultBuilder} collects them by column.
 * </ul>
 */
@NullMarked
package io.modelbatch.step.transform;

import org.jspecify.annotations.NullMarked;
