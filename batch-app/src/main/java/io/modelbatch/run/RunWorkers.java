package io.modelbatch.run;

/**
 * The workers of a run whose partitions are in the queue.
 *
 * @param workers that execute partitions of it
 * @param executing partitions that they execute
 * @param waiting partitions that none has taken
 */
public record RunWorkers(int workers, int executing, int waiting) {}
