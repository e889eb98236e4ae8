package io.modelbatch.step;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStream;

/**
 * Makes READ_COUNT, WRITE_COUNT and PROCESS_SKIP_COUNT of one step execution count rows. Spring Batch counts items, and an item is a block here.
 * Counted are the rows of committed chunks: {@link #update} is called inside the chunk's transaction.
 */
public final class RowCounts implements ItemStream, StepExecutionListener {
    private @Nullable StepExecution step;
    private long pendingRead;
    private long pendingWritten;
    private long pendingRejected;
    private long read;
    private long written;
    private long rejected;

    /** Rows of the current chunk: those that it was made of, those that it writes, and those that it sets aside. */
    public void add(long rowsRead, long rowsWritten, long rowsRejected) {
        pendingRead += rowsRead;
        pendingWritten += rowsWritten;
        pendingRejected += rowsRejected;
    }

    @Override
    public void beforeStep(StepExecution execution) {
        step = execution;
    }

    @Override
    public void update(ExecutionContext context) {
        read += pendingRead;
        written += pendingWritten;
        rejected += pendingRejected;
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
        pendingRejected = 0;
        if (step != null) {
            step.setReadCount(read);
            step.setWriteCount(written);
            step.setProcessSkipCount(rejected);
        }
    }
}
