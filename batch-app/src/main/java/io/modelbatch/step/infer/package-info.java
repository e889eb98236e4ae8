/**
 * The step type {@code infer}: partitions of rows through a model, into shards and a manifest.
 *
 * <p>The step has two halves. The manager decides, and owns the claim on the run. Partitions are executed from what it committed, and from
 * nothing else: in its own process, or in another one that reaches the job repository, the warehouse and the buckets.
 * <ul>
 *   <li>{@link PinInference} pins the rows, the version of the model ({@code @latest} becomes a version) and its fingerprint, the columns
 *       of the result, and the precision. It commits them as one record, {@link PinnedInference}, with the options of the step, before any
 *       partition begins. The decision stays after the first committed block.
 *   <li>{@link ChoosePrecision} chooses the precision. With {@code dtype: auto} or {@code int8}, a {@code PrecisionTrial} sends the first
 *       rows through float32 and the smaller type.
 *   <li>{@link ManagedPartitions} hands the partitions to a {@code PartitionHandler} of Spring Batch, and reports the progress. The ledger
 *       says how many rows are committed, by any process ({@link LedgerProgress}). {@link LocalPartitionHandler} executes two partitions at
 *       a time on threads; {@link PartitionHandlers} is where another handler comes in.
 *   <li>{@link InferencePartitions} reads {@link PinnedInference}, refuses a model with another fingerprint, loads the weights, and builds
 *       the step of each partition. {@link ExecutePartition} does the same for a process that knows only the id of a step execution. A step
 *       execution begins once, because its id is in the names of its shards.
 *   <li>{@link OpenModels} verifies files once and loads weights once in a process, for all who use them, and starts the
 *       {@code ComputeEngine}.
 * </ul>
 *
 * <p>The step of a partition:
 * <ul>
 *   <li>{@link RowBlockReader} asks the {@link PartitionLedger} where the commits of the partition end, and opens the pinned rows from
 *       there. {@code BlockSize} chooses the rows of the next block: about ten seconds of work, 256 to 65,536 rows, 64 MiB of text or of
 *       embeddings. The next block is read while the last one is computed and written.
 *   <li>{@code TextModel} computes the answers, and {@link InferencePartitions} puts the keys beside them: an {@link AnsweredBlock}.
 *       Rejects are key, reason and row.
 *   <li>{@link ShardItemWriter} writes a temporary file, uploads it, uploads the rejects beside it, and enters both in the ledger. A shard
 *       is {@code RUN-TIME-STEP-PARTITION-ORDINAL-STEPEXECUTION.parquet}, and every attempt has a new step execution.
 *       {@code ObjectStore.put} refuses a name with different content.
 *   <li>{@link RejectLimit} fails the step between two commits, when more rejects are committed than {@code rejects} allows, by all
 *       processes.
 *   <li>{@link PartitionUsage} sums tokens, padding, truncated texts, and the seconds for rows, model and writing, over all executions.
 *   <li>{@link PublishResult} runs when every partition is COMPLETED. It checks that shards and rejects hold as many rows as the input, and
 *       are in the folder as they were written. Then it removes the orphans of this run, writes the manifest, and removes what the manifest
 *       before listed.
 * </ul>
 *
 * <p>The position of a partition is the sum of ROW_COUNT of its shards and rejects, and nothing else. So the result and the position cannot
 * differ.
 */
@NullMarked
package io.modelbatch.step.infer;

import org.jspecify.annotations.NullMarked;
