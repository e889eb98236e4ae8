package io.modelbatch.extension;

import io.modelbatch.base.Explained;
import io.modelbatch.warehouse.Preview;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * Makes Spring Batch steps of one {@link StepType}. An exception of a step that implements {@link Explained} is told to the user by its
 * message, and says whether the same command may help; any other one is an unexpected error.
 *
 * @param <O> the options of that type
 */
public interface StepFactory<O extends Record> {
    /**
     * The step as Spring Batch runs it. Anything slow or fallible happens when it runs, not here. {@link StepBuilders} makes steps that
     * obey the rules of every run, under the name {@link JobStep#name()}. A {@code Step} of another kind, such as a lambda, is named and
     * told to listeners by the application; what it throws fails the step.
     */
    Step create(JobStep<O> step);

    /** The checks of the step before a run. None of them changes or pays for anything. */
    default List<Check> checks(JobStep<O> step) {
        return List.of();
    }

    /**
     * The problems that the step would have with the rows of the nearest {@code extract} before it. {@code check} reports them with the
     * query, where a look at the rows is cheap.
     *
     * @param rows counts of the columns that its type {@linkplain StepType#reads reads}
     * @return for each problem what was found and what to do
     */
    default List<String> rowProblems(JobStep<O> step, Preview.Rows rows) {
        return List.of();
    }

    /** The folders and tables that the step writes and no other run may write at the same time. */
    default List<Target> targets(O options) {
        return List.of();
    }

    /** Options that stay as they are once the step has left something, for otherwise its result would be divided. */
    default Set<String> fixed() {
        return Set.of();
    }

    /** The options that do not decide the result: an unfinished step can be resumed with others. */
    default Set<String> adjustable() {
        return Set.of();
    }

    /**
     * Finds what would fail for sure when the step runs, such as a program that is not installed. Called before the first step of a run
     * begins, and when it is resumed, for steps that are not complete. It takes a second at most, and changes and pays for nothing.
     *
     * @throws IOException when the step cannot run
     */
    default void verifyReady(JobStep<O> step) throws IOException {}

    /**
     * Compares what the step delivered with what it wrote. Called when its run is resumed and the step will not be run again.
     *
     * @param complete the execution in which it was completed
     * @throws IOException when something is missing or damaged
     */
    default void verifyDelivered(JobStep<O> step, StepExecution complete) throws IOException {}

    /**
     * Removes what the step kept to be resumed from. Called when all steps of its run are complete and the job is about to be. After a
     * crash it is called again, so it must be idempotent; what it cannot remove must not fail the run.
     */
    default void removeLeftovers(JobStep<O> step, JobExecution complete) {}
}
