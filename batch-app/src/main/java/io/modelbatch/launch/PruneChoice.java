package io.modelbatch.launch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Which runs may be pruned: those that are finished and that every condition here covers.
 *
 * @param job only runs of this job; null for all
 * @param olderThan how long ago they ended, at least; zero where that does not matter
 * @param keep how many of each job's newest runs stay, whatever became of them; empty where their number does not matter
 */
public record PruneChoice(@Nullable String job, Duration olderThan, OptionalInt keep) {
    List<StoredRun> of(List<StoredRun> newestFirst, Instant now) {
        Map<String, Integer> newer = new HashMap<>();
        return newestFirst.stream()
                .filter(run -> newer.merge(run.job(), 1, Integer::sum) > keep.orElse(0))
                .filter(run -> job == null || job.equals(run.job()))
                .filter(run -> run.isFinished() && !run.pruned())
                .filter(run -> !run.ended().isAfter(now.minus(olderThan)))
                .toList();
    }
}
