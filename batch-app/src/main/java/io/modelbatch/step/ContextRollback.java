package io.modelbatch.step;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.listener.ChunkListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.item.ChunkOrientedStep;
import org.springframework.batch.core.step.tasklet.TaskletStep;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Rolls the execution context of a step back with its transaction. Spring Batch rolls back the database alone, and saves the context as it
 * is in memory when the step has failed: the next execution would begin after a chunk that was never committed.
 */
final class ContextRollback implements StepExecutionListener, ChunkListener<Object, Object> {
    private @Nullable StepExecution execution;

    private ContextRollback() {}

    /** Listens to each transaction of a step. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static void on(AbstractStep step) {
        ContextRollback rollback = new ContextRollback();
        if (step instanceof TaskletStep tasklets) {
            tasklets.registerChunkListener((ChunkListener) rollback);
        } else if (step instanceof ChunkOrientedStep chunks) {
            chunks.registerChunkListener(rollback);
        }
        step.registerStepExecutionListener(rollback);
    }

    @Override
    public void beforeStep(StepExecution begins) {
        execution = begins;
    }

    @Override
    @SuppressWarnings("removal")
    public void beforeChunk(ChunkContext call) {
        begins();
    }

    @Override
    public void beforeChunk(Chunk<Object> items) {
        begins();
    }

    private void begins() {
        StepExecution step = execution;
        if (step == null || !TransactionSynchronizationManager.isSynchronizationActive()) {
            return;
        }
        ExecutionContext committed = new ExecutionContext(step.getExecutionContext());
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                if (status != STATUS_COMMITTED) {
                    step.setExecutionContext(committed);
                }
            }
        });
    }
}
