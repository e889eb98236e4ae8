package io.modelbatch.worker;

import com.google.common.base.Ticker;
import io.modelbatch.run.Run;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes those that watch a dispatch.
 *
 * @param queue in which its partitions are
 * @param history of their step executions
 * @param register of workers
 * @param metrics of the queue
 */
record DispatchWatches(PartitionQueue queue, PartitionHistory history, WorkerRegister register, QueueMetrics metrics) {
    /** @param executing the partitions that this process executes itself */
    List<DispatchWatch> of(Dispatch dispatch, Run run, Supplier<Set<PartitionTask>> executing) {
        LostWorkers lost = new LostWorkers(dispatch, queue, history, run, metrics.lostWorkers(dispatch));
        return List.of(
                new WorkerCount(dispatch, run),
                new GoneWorkers(dispatch, queue, executing, Ticker.systemTicker()),
                lost,
                new MissingWorkers(dispatch, history, register, lost, run),
                metrics.of(dispatch));
    }
}
