package io.modelbatch.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a worker.
 *
 * @param idle it ends when it had nothing to do for that long; null for never
 * @param partitions number of partitions that it executes at a time
 * @param mostWorkers it ends at once when as many workers with its kind of device are there already; null for no limit
 * @param spot true when its machine may be taken away
 */
public record WorkerOptions(
        @Nullable Duration idle, int partitions, @Nullable Integer mostWorkers, boolean spot) {
    /** The number of partitions that a process executes at a time, unless it is told: one reads or uploads while the other computes. */
    public static final int PARTITIONS = 2;
}
