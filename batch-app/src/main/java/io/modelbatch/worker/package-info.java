/**
 * Partitions that other processes execute. The manager of a step puts them into a queue in the job repository, and workers take them from there.
 *
 * <ul>
 *   <li>{@link QueuedPartitions} is the manager's side: it puts the partitions of a step into the queue as a {@link Dispatch}, waits without a
 *       connection until none is left, and reads what became of them. Each {@link DispatchWatch} sees them meanwhile.
 *   <li>{@link Worker} is a process that takes partitions of any run. {@link TakePartition} takes one, and {@link WorkerPartitions} executes it: with a
 *       step execution of its own, from what the manager committed, under the claim of the run and the version of its task.
 *   <li>{@link PartitionQueue} has the tables of the queue, {@link PartitionHistory} asks for the step executions of partitions, and {@link WorkerRegister}
 *       for the workers that are there.
 *   <li>db-scheduler carries the tasks: it picks and executes them ({@link PartitionSchedulers}). {@link EligiblePartitions} is the query by which it
 *       picks: device, memory, priority, and models that the worker has loaded first. Its clock is the database's ({@link DatabaseClock}).
 *   <li>A worker gives signs of life in the register, for all its partitions. The manager of a run looks who is gone ({@link GoneWorkers}).
 * </ul>
 *
 * <p>A worker may be killed, suspended or cut off at any moment. What it has not committed is computed again by another worker, and what it writes
 * after it lost its task, or its manager the run, is refused: see {@code Claims.verify}.
 */
@NullMarked
package io.modelbatch.worker;

import org.jspecify.annotations.NullMarked;
