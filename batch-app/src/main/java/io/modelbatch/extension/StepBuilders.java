package io.modelbatch.extension;

import io.modelbatch.facts.Facts;
import io.modelbatch.facts.OwnFacts;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.core.step.tasklet.TaskletStep;

/**
 * Builders of Spring Batch steps that obey the rules of every run: nothing is committed for a run that another process took over, a
 * request to stop ends the step between two chunks, and a step that was stopped is never complete.
 */
public interface StepBuilders {
    /** The work of a step without chunks. */
    @FunctionalInterface
    interface StepAction {
        /** Does it. A crash may repeat it, so it must be idempotent. */
        void run(StepExecution execution) throws Exception;
    }

    /** A step that does its work at once. The work is not inside a transaction. */
    Step single(String name, StepAction work);

    /**
     * A step that calls a tasklet until it is finished. Each call has a transaction of its own, which commits the state in the step's
     * {@code ExecutionContext}; a statement in the job repository's database is part of it. A request to stop ends the step between two
     * calls, and is told to a {@code StoppableTasklet} during one. A crash repeats the last call, so what it does elsewhere must be idempotent.
     *
     * @param name {@link JobStep#name()}
     */
    TaskletStep tasklet(String name, Tasklet tasklet);

    /**
     * A step that reads, processes and writes chunks of items, and commits each with the positions of those readers and writers that are
     * an {@code ItemStream}.
     *
     * @param name {@link JobStep#name()}
     * @param size items of a chunk
     */
    <I, O> ChunkOrientedStepBuilder<I, O> chunks(String name, int size);

    /** The job repository. */
    JobRepository repository();

    /**
     * The output of an earlier step of the same run. An {@code extract} leaves a {@code PinnedInput}.
     *
     * @param reader the execution of a later step
     * @param earlier the step that left it
     */
    <T extends Record> T output(StepExecution reader, StepSpec earlier, Class<T> type);

    /**
     * Leaves an output for later steps of the same run, as JSON. To be called before the step's execution ends: it becomes visible with the
     * commit that follows.
     */
    void output(StepExecution execution, Record output);

    /** Shows the facts of a step, for a type of somebody else {@link OwnFacts}, in the terminal, and keeps them for the run's report. To be called before its execution ends. */
    void result(StepExecution execution, Facts facts);
}
