package io.modelbatch.run.claim;

import io.modelbatch.extension.Target;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * All that a process holds while it works on a run: the run itself, and what the run writes.
 *
 * @param lease keeps others from the run
 * @param targets keep other runs of this job repository from what it writes
 * @param markers keep runs of other job repositories from its results
 */
public record RunClaim(RunLease lease, TargetClaims targets, ResultMarkers markers) {
    /**
     * Claims what a run writes, which this process holds.
     *
     * @param waiting told why this takes long
     * @throws RunHeldException when another run writes some of it
     * @throws IOException when a bucket cannot be written
     */
    public void acquire(String run, List<Target> all, Duration patience, Consumer<String> waiting) throws IOException {
        String repository = targets.acquire(run, lease.claim().owner(), all, new WaitTimeout(patience, waiting));
        markers.acquire(run, repository, folders(all), new WaitTimeout(patience, waiting));
    }

    /** Removes the claims that a process left which was killed after its last commit of a run that this process holds. */
    public void removeLeft(String run, List<Target> all) {
        targets.claimed(run).ifPresent(repository -> {
            markers.removeLeft(run, repository, folders(all));
            targets.remove(run);
        });
    }

    private static List<ObjectUri> folders(List<Target> all) {
        return all.stream()
                .flatMap(target -> target.result().stream())
                .distinct()
                .toList();
    }

    public void release() {
        try {
            markers.release();
            targets.release(lease.claim().owner());
        } finally {
            lease.close();
        }
    }
}
