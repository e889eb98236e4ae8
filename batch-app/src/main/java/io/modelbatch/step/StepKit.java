package io.modelbatch.step;

import io.modelbatch.artifact.ObjectUri;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes Spring Batch steps that obey the rules of every step here: guarded in each transaction, and never complete when
 * they were stopped.
 *
 * @param repository the job repository
 * @param transactions its transaction manager: positions and step rows commit together
 * @param guard verified in each transaction
 * @param stop looked at between chunks
 * @param progress told what happens
 * @param folder where artifacts of runs go
 * @param scratch for temporary files
 */
record StepKit(
        JobRepository repository,
        PlatformTransactionManager transactions,
        RunGuard guard,
        StopSignal stop,
        StepProgress progress,
        RunFolder folder,
        ScratchFolder scratch) {
    /** Work done in one go; it must be idempotent, for a crash may repeat it. */
    @FunctionalInterface
    interface Work {
        void run(StepExecution step) throws Exception;
    }

    Step single(String name, Work work) {
        return new StepBuilder(name, repository)
                        .tasklet(
                                (contribution, chunk) -> {
                                    stop.checkInterrupted(contribution.getStepExecution());
                                    verifyOwner();
                                    runUnlessStopped(work, contribution.getStepExecution());
                                    return RepeatStatus.FINISHED;
                                },
                                transactions)
                        .stream(guarding())
                        .build();
    }

    /** The warehouse cancels what it waits for when a stop is requested. */
    private static void runUnlessStopped(Work work, StepExecution step) throws Exception {
        try {
            work.run(step);
        } catch (CancellationException e) {
            step.setTerminateOnly();
            throw new JobInterruptedException(String.valueOf(e.getMessage()));
        }
    }

    /** Chunks of one item; the item is a block of rows, which the step counts itself. */
    <I, O> ChunkOrientedStepBuilder<I, O> blocks(String name, RowCounts counts) {
        return new StepBuilder(name, repository)
                .<I, O>chunk(1).transactionManager(transactions).interruptionPolicy(stop).listener(counts).stream(
                        counts)
                        .stream(guarding());
    }

    /** Halts a process that lost its run, before it does what takes effect at once and not with a commit. */
    void verifyOwner() {
        TransactionTemplate alone = new TransactionTemplate(transactions);
        alone.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        alone.executeWithoutResult(transaction -> guard.verify());
    }

    /** Tells what a step found, made or decided, and keeps it for the report. */
    void result(StepExecution step, Map<String, Object> figures) {
        StepFigures.put(step, figures);
        progress.result(step.getStepName(), figures);
    }

    StepOutputs outputs() {
        return new StepOutputs(repository);
    }

    /** The name of the run that a step belongs to. */
    static String runName(StepExecution step) {
        JobInstance instance = step.getJobExecution().getJobInstance();
        return RunFolder.runName(instance.getJobName(), instance.getInstanceId());
    }

    /** The unique name of the run that a step belongs to: the same for every attempt. */
    String uniqueRun(StepExecution step) {
        return RunFolder.unique(runName(step), created(step));
    }

    /** How the names of a step's shards begin, and those of no other step or run. */
    String shardPrefix(StepExecution step) {
        return uniqueRun(step) + "-" + Partitions.step(step);
    }

    /** The folder of a step of a run. */
    ObjectUri folder(StepExecution step) {
        return folder.of(runName(step), created(step)).child(step.getStepName());
    }

    private LocalDateTime created(StepExecution step) {
        return repository.getJobExecutions(step.getJobExecution().getJobInstance()).stream()
                .map(JobExecution::getCreateTime)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private ItemStream guarding() {
        return new ItemStream() {
            @Override
            public void update(ExecutionContext context) {
                guard.verify();
            }
        };
    }
}
