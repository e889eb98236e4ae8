package io.modelbatch.step;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Makes READ_COUNT, WRITE_COUNT and PROCESS_SKIP_COUNT of one step execution count rows. Spring Batch counts items, and an item is a block here.
 * Counted are the rows of committed chunks: {@link #update} is called inside the chunk's transaction.
 */
public final class RowCounts implements ItemStream, StepExecutionListener {
    private @Nullable StepExecution step;
    private Rows pending = Rows.NONE;
    private Rows committed = Rows.NONE;

    private record Rows(long read, long written, long rejected) {
        static final Rows NONE = new Rows(0, 0, 0);

        Rows plus(Rows more) {
            return new Rows(read + more.read, written + more.written, rejected + more.rejected);
        }
    }

    /** Rows of the current chunk: those that it was made of, those that it writes, and those that it sets aside. */
    public void add(long rowsRead, long rowsWritten, long rowsRejected) {
        pending = pending.plus(new Rows(rowsRead, rowsWritten, rowsRejected));
    }

    @Override
    public void beforeStep(StepExecution execution) {
        step = execution;
    }

    @Override
    public void update(ExecutionContext context) {
        Rows rows = committed.plus(pending);
        pending = Rows.NONE;
        show(rows);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                committed = rows;
            }
        });
    }

    @Override
    public @Nullable ExitStatus afterStep(StepExecution execution) {
        show(committed);
        return null;
    }

    private void show(Rows rows) {
        if (step != null) {
            step.setReadCount(rows.read());
            step.setWriteCount(rows.written());
            step.setProcessSkipCount(rows.rejected());
        }
    }
}
