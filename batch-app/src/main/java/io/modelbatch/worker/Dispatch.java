package io.modelbatch.worker;

import io.modelbatch.step.rows.PartitionDemand;

/**
 * A step of a run whose partitions are in the queue.
 *
 * @param id the step execution of its manager
 * @param jobExecution the execution of its run
 * @param job the name of its job
 * @param run the key of its run
 * @param step its name
 * @param demand the needs of those who execute its partitions
 */
record Dispatch(long id, long jobExecution, String job, String run, String step, PartitionDemand demand) {
    /** The name of a partition's step executions. */
    String partition(int number) {
        return step + ":" + number;
    }
}
