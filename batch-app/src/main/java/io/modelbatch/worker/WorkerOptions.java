package io.modelbatch.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a worker.
 *
 * @param idle it ends when it had nothing to do for that long; null for never
 * @param partitions number of partitions that it executes at a time; null for two for each device
 * @param mostWorkers it ends at once when as many workers with its kind of device are there already; null for no limit
 * @param spot true when its machine may be taken away
 */
public record WorkerOptions(
        @Nullable Duration idle,
        @Nullable Integer partitions,
        @Nullable Integer mostWorkers,
        boolean spot) {}
