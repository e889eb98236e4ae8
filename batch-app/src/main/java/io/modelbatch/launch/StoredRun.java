package io.modelbatch.launch;

import io.modelbatch.run.RunName;
import io.modelbatch.step.RunFiles;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;

/**
 * A run in the job repository, without its steps.
 *
 * @param instance its job instance
 * @param job the job file's name
 * @param executions its executions, the last one last; at least one
 * @param pruned whether all that can be removed of it was removed
 */
record StoredRun(long instance, String job, List<Execution> executions, boolean pruned) {
    /**
     * An execution of a run.
     *
     * @param created when it was created, in the time zone of the process that created it
     * @param ended when it ended; null while it runs, or when its process died
     */
    record Execution(
            long id,
            BatchStatus status,
            LocalDateTime created,
            @Nullable Instant ended) {}

    String name() {
        return RunName.of(job, instance);
    }

    BatchStatus status() {
        return last().status();
    }

    /** True when nothing of it is left to do, for good. */
    boolean isFinished() {
        return status() == BatchStatus.COMPLETED || status() == BatchStatus.ABANDONED;
    }

    /** The time at which its last execution ended, or began where its process died. */
    Instant ended() {
        Instant ended = last().ended();
        return ended == null ? last().created().atZone(ZoneId.systemDefault()).toInstant() : ended;
    }

    /** The parts of its files' names. */
    RunFiles.Run files(Set<String> steps) {
        return new RunFiles.Run(
                name(), Set.copyOf(executions.stream().map(Execution::created).toList()), steps);
    }

    private Execution last() {
        return executions.get(executions.size() - 1);
    }
}
