package io.modelbatch.worker;

import io.modelbatch.base.Interval;
import io.modelbatch.run.ProgramVersion;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/** Tells once, while a worker has nothing to do, that partitions wait which only workers of another version execute. */
final class OtherVersions {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);

    private final PartitionQueue queue;
    private final Consumer<WorkerEvent> listener;
    private final Interval looks = new Interval(BETWEEN_LOOKS);
    private Set<String> told = Set.of();

    OtherVersions(PartitionQueue queue, Consumer<WorkerEvent> listener) {
        this.queue = queue;
        this.listener = listener;
    }

    /** Looks once in a while. */
    void look() {
        if (looks.isDue()) {
            tell(queue.otherVersionsWaiting());
        }
    }

    private void tell(Set<String> waiting) {
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
