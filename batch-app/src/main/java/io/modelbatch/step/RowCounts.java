package io.modelbatch.step;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStream;

/**
 * Makes READ_COUNT and WRITE_COUNT of one step execution count rows. Spring Batch counts items, and an item is a block here.
 * Counted are the rows of committed chunks: {@link #update} is called inside the chunk's transaction.
 */
final class RowCounts implements ItemStream, StepExecutionListener {
    private @Nullable StepExecution step;
    private long pendingRead;
    private long pendingWritten;
    private long read;
    private long written;

    /** Rows of the chunk in hand. */
    void add(long rowsRead, long rowsWritten) {
        pendingRead += rowsRead;
        pendingWritten += rowsWritten;
    }

    @Override
    public void beforeStep(StepExecution execution) {
        step = execution;
    }

    @Override
    public void update(ExecutionContext context) {
        read += pendingRead;
        written += pendingWritten;
        apply();
    }

    @Override
    public @Nullable ExitStatus afterStep(StepExecution execution) {
        apply();
        return null;
    }

    private void apply() {
        pendingRead = 0;
        pendingWritten = 0;
        if (step != null) {
            step.setReadCount(read);
            step.setWriteCount(written);
        }
    }
}
