package io.modelbatch.run.claim;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import tools.jackson.databind.json.JsonMapper;

/**
 * The right to work on a run, as its owner got it. A plain value: an execution of the run carries it in its context, so whoever executes
 * a part of it, in this process or in another one, finds the claim there and {@linkplain Claims#verify verifies} the same thing.
 *
 * @param run the key of the run: its job and parameters
 * @param owner the id of the owner; no two claims have the same
 * @param epoch raised by each takeover of the run
 * @param task the partition that a worker took from the queue, and may lose by itself; null for the owner
 */
public record Claim(
        String run, String owner, long epoch, @Nullable Task task) {
    private static final String KEY = "modelbatch.claim";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * A task of the queue.
     *
     * @param id its task instance
     * @param version raised whenever a worker takes it or loses it
     */
    public record Task(String id, long version) {
        /** The name of all tasks that are partitions. */
        public static final String NAME = "partition";
    }

    /** That of an owner. */
    Claim(String run, String owner, long epoch) {
        this(run, owner, epoch, null);
    }

    /** The same for a worker, which may write as long as the run is its owner's and the task its own. */
    public Claim of(Task taken) {
        return new Claim(run, owner, epoch, taken);
    }

    /** The claim under which an execution works; empty before it begins, and where an older version began it. */
    public static Optional<Claim> of(JobExecution execution) {
        String claim = execution.getExecutionContext().getString(KEY, "");
        return claim.isEmpty() ? Optional.empty() : Optional.of(parse(claim));
    }

    /** Reads {@link #text}. */
    public static Claim parse(String text) {
        return JSON.readValue(text, Claim.class);
    }

    /** As JSON, for another process. */
    public String text() {
        return JSON.writeValueAsString(this);
    }

    /** Lets an execution work under this claim. Its context is not written to the job repository here. */
    public void giveTo(JobExecution execution) {
        execution.getExecutionContext().putString(KEY, text());
    }

    /** The context of an execution for the next one, which works under another claim. */
    public static ExecutionContext without(ExecutionContext context) {
        ExecutionContext next = new ExecutionContext(context);
        next.remove(KEY);
        return next;
    }
}
