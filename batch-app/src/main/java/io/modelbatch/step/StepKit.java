package io.modelbatch.step;

import io.micrometer.observation.ObservationRegistry;
import io.modelbatch.extension.StepBuilders;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.facts.Facts;
import io.modelbatch.run.Run;
import io.modelbatch.run.RunFolder;
import io.modelbatch.run.RunName;
import io.modelbatch.run.Runs;
import io.modelbatch.store.ObjectUri;
import java.time.LocalDateTime;
import java.util.concurrent.CancellationException;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.core.step.tasklet.TaskletStep;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/**
 * Makes Spring Batch steps that obey the rules of every step here: never complete when they were stopped, and verified
 * before they do what takes effect at once.
 *
 * @param repository the job repository
 * @param history the outputs of earlier executions
 * @param transactions its transactions: positions and step rows commit together
 * @param runs the runs that steps belong to
 * @param folder where artifacts of runs go
 * @param scratch for temporary files
 * @param observations told when steps begin and end
 */
public record StepKit(
        JobRepository repository,
        RunHistory history,
        OwnedTransactions transactions,
        Runs runs,
        RunFolder folder,
        ScratchFolder scratch,
        ObservationRegistry observations)
        implements StepBuilders {
    @Override
    public Step single(String name, StepAction work) {
        return tasklet(name, new Once(work));
    }

    /** Does all of its work in one call, and is complete when that returned. */
    final class Once implements Tasklet {
        private final StepAction work;

        private Once(StepAction work) {
            this.work = work;
        }

        @Override
        public RepeatStatus execute(StepContribution contribution, ChunkContext chunk) throws Exception {
            checkInterrupted(contribution.getStepExecution());
            verifyOwner(contribution.getStepExecution().getJobExecution());
            runUnlessStopped(work, contribution.getStepExecution());
            return RepeatStatus.FINISHED;
        }
    }

    @Override
    public TaskletStep tasklet(String name, Tasklet tasklet) {
        return new StepBuilder(name, repository)
                .observationRegistry(observations)
                .tasklet(tasklet, transactions.manager())
                .build();
    }

    /** The warehouse cancels what it waits for when a stop is requested. */
    private void runUnlessStopped(StepAction work, StepExecution step) throws Exception {
        try {
            transactions.outside(() -> work.run(step));
        } catch (CancellationException e) {
            step.setTerminateOnly();
            throw new JobInterruptedException(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public <I, O> ChunkOrientedStepBuilder<I, O> chunks(String name, int size) {
        return new StepBuilder(name, repository)
                .<I, O>chunk(size)
                .observationRegistry(observations)
                .transactionManager(transactions.manager())
                .interruptionPolicy(this::checkInterrupted);
    }

    /** The run that a step belongs to. */
    public Run run(StepExecution step) {
        return runs.of(step.getJobExecution());
    }

    private void checkInterrupted(StepExecution step) throws JobInterruptedException {
        run(step).stop().checkInterrupted(step);
    }

    /** Chunks of one item; the item is a block of rows, which the step counts itself. */
    public <I, O> ChunkOrientedStepBuilder<I, O> blocks(String name, RowCounts counts) {
        return this.<I, O>chunks(name, 1).listener(counts).stream(counts);
    }

    @Override
    public <T extends Record> T output(StepExecution reader, StepSpec earlier, Class<T> type) {
        return outputs().of(reader, earlier.name(), type);
    }

    /** Ends the work of a process that lost the run, before it does what takes effect at once and not with a commit. */
    public void verifyOwner(JobExecution run) {
        transactions.verifyOwner(run);
    }

    /**
     * The same before a chunk writes anything into its transaction, so that a process that lost the run does not fail at what the new owner wrote
     * there. It costs no statement: the commit need not ask again.
     */
    public void verifyOwnerInChunk(JobExecution run) {
        transactions.verifyOwnerInChunk(run);
    }

    /** Asks the job repository in the middle of a chunk, which then holds no connection while it computes. */
    public void outsideTransaction(Runnable question) {
        transactions.outside(question::run);
    }

    @Override
    public void output(StepExecution step, Record output) {
        outputs().put(step.getExecutionContext(), output);
    }

    /** Tells what a step found, made or decided, and keeps it for the report. */
    @Override
    public void result(StepExecution step, Facts facts) {
        StepFacts.put(step, facts);
        run(step).progress().result(step.getStepName(), facts);
    }

    public StepOutputs outputs() {
        return new StepOutputs(history);
    }

    /** The name of the run that a step belongs to. */
    public static String runName(StepExecution step) {
        JobInstance instance = step.getJobExecution().getJobInstance();
        return RunName.of(instance.getJobName(), instance.getInstanceId());
    }

    /** The unique name of the run that a step belongs to: the same for every attempt. */
    public String uniqueRun(StepExecution step) {
        return folder.unique(runName(step), created(step));
    }

    /** The prefix of a step's shards, which no other step or run has. */
    public String shardPrefix(StepExecution step) {
        return uniqueRun(step) + "-" + PartitionName.step(step);
    }

    /** The folder of a step of a run. */
    public ObjectUri folder(StepExecution step) {
        return folder.of(runName(step), created(step)).child(step.getStepName());
    }

    private LocalDateTime created(StepExecution step) {
        return history.created(step.getJobExecution().getJobInstance());
    }
}
