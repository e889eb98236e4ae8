package io.modelbatch.worker;

import io.modelbatch.step.rows.PartitionDemand;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a worker may take.
 *
 * @param devices of demands that it meets
 * @param memory bytes of its memory
 * @param spot true when its machine may be taken away
 * @param only the dispatch that it works for; null for all
 * @param refused dispatches that it cannot execute, as it found out
 * @param loaded fingerprints of the models that it has loaded
 * @param cached fingerprints of the models that it need not fetch
 */
record Eligibility(
        Set<PartitionDemand.Device> devices,
        long memory,
        boolean spot,
        @Nullable Long only,
        Set<Long> refused,
        Set<String> loaded,
        Set<String> cached) {}
