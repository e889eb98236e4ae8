package io.modelbatch.step;

import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.jobspec.StepSpec;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * Makes Spring Batch steps of one type of step in job files: the type whose options are {@code O}.
 *
 * @param <O> the options
 */
interface StepFactory<O extends Record> {
    /** The options that this factory understands. */
    Class<O> options();

    /** Options that stay as they are once the step has left something, for otherwise its result would be divided. */
    default Set<String> fixed() {
        return Set.of();
    }

    /** The folders and tables that the step writes and no other run may write at the same time. */
    default List<Target> targets(O options) {
        return List.of();
    }

    /** The step as Spring Batch runs it. Anything slow or fallible happens when it runs, not here. */
    Step create(JobSpec job, StepSpec step, O options);

    /** The options that do not decide the result: an unfinished step can be resumed with others. */
    default Set<String> adjustable() {
        return Set.of();
    }

    /** The checks of the step before a run. */
    List<Check> checks(JobSpec job, StepSpec step, O options);

    /**
     * Compares what the step delivered with what it wrote. Called when its run is resumed and the step will not be run again.
     *
     * @param complete the execution in which it was completed
     * @throws IOException when something is missing or damaged
     */
    default void verifyDelivered(JobSpec job, StepSpec step, StepExecution complete) throws IOException {}

    /**
     * Removes what the step kept to be resumed from. Called when all steps of its run are complete and the job is about to be. After a
     * crash it is called again, so it must be idempotent; what it cannot remove must not fail the run.
     */
    default void removeLeftovers(JobExecution complete, StepSpec step) {}
}
