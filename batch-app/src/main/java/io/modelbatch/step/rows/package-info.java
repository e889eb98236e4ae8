/**
 * Steps that make rows of rows: partitions in, shards, rejects and a manifest out. {@code infer} is one of them. The package does not know
 * what is done with a row.
 *
 * <p>Such a step has two halves. The manager decides, and owns the claim on the run. Partitions are executed from what it committed, and from
 * nothing else: in its own process, or in another one that reaches the job repository, the warehouse and the buckets.
 * <ul>
 *   <li>{@link ManagedPartitions} has the decision committed ({@link PinnedRows}), hands the partitions to a {@code PartitionHandler} of Spring
 *       Batch, and reports the progress. The ledger says how many rows are committed, by any process ({@link LedgerProgress}).
 *       {@link LocalPartitionHandler} executes two partitions at a time on threads; {@link PartitionHandlers} is where another handler comes in.
 *   <li>{@link PartitionSteps} builds the step of each partition. {@link ExecutePartition} does the same for a process that knows only the id
 *       of a step execution. A step execution begins once, because its id is in the names of its shards.
 * </ul>
 *
 * <p>The step of a partition:
 * <ul>
 *   <li>{@link RowBlockReader} asks the {@link PartitionLedger} where the commits of the partition end, and opens the rows from there.
 *       {@code BlockSize} chooses the rows of the next block: about ten seconds of work, 256 to 65,536 rows, 64 MiB of text or of embeddings.
 *       The next block is read while the last one is computed and written.
 *   <li>What is done with the rows makes a {@link FinishedBlock} of them. Rejects are key, reason and row.
 *   <li>{@link ShardItemWriter} writes a temporary file, uploads it, uploads the rejects beside it, and enters both in the ledger. A shard
 *       is {@code RUN-TIME-STEP-PARTITION-ORDINAL-STEPEXECUTION.parquet}, and every attempt has a new step execution.
 *       {@code ObjectStore.put} refuses a name with different content.
 *   <li>{@link RejectLimit} fails the step between two commits, when more rejects are committed than {@code rejects} allows, by all
 *       processes.
 *   <li>{@link PublishResult} runs when every partition is COMPLETED. It checks that shards and rejects account for all rows of the input, and
 *       are in the folder as they were written. Then it removes the orphans of this run, writes the manifest, and removes what the manifest
 *       before listed. Later steps read the result through {@link CommittedResult}.
 * </ul>
 *
 * <p>The position of a partition is the sum over its shards and rejects in MODELBATCH_SHARD, and nothing else. So the result and the position
 * cannot differ.
 */
@NullMarked
package io.modelbatch.step.rows;

import org.jspecify.annotations.NullMarked;
