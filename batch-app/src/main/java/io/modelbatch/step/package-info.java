/**
 * The bridge between the features and Spring Batch: the parts that the steps of all types share.
 *
 * <p>{@link JobFactory} makes the Spring Batch job. Each {@code StepType} has a {@code StepFactory}, which makes its steps with
 * {@link StepKit} ({@code StepBuilders}). That adds the stop policy to every step. Steps find their run by the execution
 * ({@code StepKit.run}). {@link StepOutputs} keeps the output of a step in its execution context, where later steps find it.
 * <ul>
 *   <li>One transaction for each block: read, compute, upload, and then in this order the insert into MODELBATCH_SHARD, the check of the
 *       claim, the execution context, the counts of the step execution, and the commit.
 *   <li>Short transactions: Spring Batch begins a chunk's transaction before it reads. The connection is fetched with the first statement,
 *       which is the insert into the ledger, after the block was computed and uploaded. Steps without chunks work outside the transaction
 *       ({@code OwnedTransactions.outside}).
 *   <li>Few statements: a block sends four to the job repository, and BEGIN and COMMIT, whatever the number of partitions and of earlier
 *       executions. A partition adds twenty-two, once. {@link RunHistory} asks one question of all executions by one statement. The job
 *       repository is Spring Batch's, without the look at the job's row at each commit, which the claim makes needless.
 *   <li>Contexts after a crash: Spring Batch hands a step's context on to its next execution in another transaction than the one that
 *       creates it. A crash between the two would leave an empty context, and a reader would begin again. So the job repository creates the
 *       execution of a step with its context. That of a partition is not handed on by it, so {@link RunHistory} looks for outputs in all
 *       executions.
 *   <li>{@link RowCounts}: READ_COUNT, WRITE_COUNT and PROCESS_SKIP_COUNT count rows that were read, written and rejected, not chunks.
 *   <li>Temporary files are in a {@link ScratchFolder} of the process, which is locked. Each process removes the folders of processes that
 *       have ended.
 * </ul>
 */
@NullMarked
package io.modelbatch.step;

import org.jspecify.annotations.NullMarked;
