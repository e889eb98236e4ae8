package io.modelbatch.step.rows;

/**
 * Opens the partitions of steps in a process that knows nothing of their jobs.
 *
 * @param pinned the class of what the managers of such steps commit for their partitions
 * @param steps opens it
 */
public record PartitionOpening(Class<? extends Record> pinned, PartitionSteps.Opening steps) {}
