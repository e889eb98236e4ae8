package io.modelbatch.launch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run that {@code prune} looked at.
 *
 * @param run its name
 * @param job the job file's name
 * @param status COMPLETED or ABANDONED
 * @param ended when it ended
 * @param pinnedBytes bytes of the rows that it pinned
 * @param folderBytes bytes in its folder in the bucket of runs
 * @param state the outcome
 * @param reason the reason why it is kept, or why its files could not be removed; null for the others
 */
public record PrunedRun(
        String run,
        String job,
        String status,
        Instant ended,
        long pinnedBytes,
        long folderBytes,
        State state,
        @Nullable String reason) {
    /** The state of a run's files. */
    public enum State {
        /** They can be removed. */
        PRUNABLE,
        /** They were removed. */
        PRUNED,
        /** They stay: somebody needs them. */
        KEPT,
        /** They could not be looked at, or not all of them be removed. */
        FAILED
    }

    /** Pinned rows and folder. */
    public long bytes() {
        return pinnedBytes + folderBytes;
    }

    PrunedRun as(State became, @Nullable String why) {
        return new PrunedRun(run, job, status, ended, pinnedBytes, folderBytes, became, why);
    }
}
