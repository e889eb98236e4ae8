package io.modelbatch.worker;

import io.modelbatch.run.ProgramVersion;
import java.util.Set;
import java.util.function.Consumer;

/** Tells once, while a worker has nothing to do, that partitions wait which only workers of another version execute. */
final class OtherVersions {
    private final PartitionQueue queue;
    private final Consumer<WorkerEvent> listener;
    private Set<String> told = Set.of();

    OtherVersions(PartitionQueue queue, Consumer<WorkerEvent> listener) {
        this.queue = queue;
        this.listener = listener;
    }

    void look() {
        Set<String> waiting = queue.otherVersionsWaiting();
        if (!waiting.isEmpty() && !waiting.equals(told)) {
            listener.accept(
                    new WorkerEvent.Waiting(
                            "Partitions wait for workers of version "
                                    + String.join(", ", waiting) + ", and this worker is of version "
                                    + ProgramVersion.text()
                                    + ". A run is computed by one version: start workers of that version, or stop the run and resume it with this one"));
        }
        told = waiting;
    }
}
