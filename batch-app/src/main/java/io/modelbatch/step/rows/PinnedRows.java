package io.modelbatch.step.rows;

import org.springframework.batch.core.step.StepExecution;

/** What the manager of a step has committed for its partitions to be executed from, and holds open while they are. */
public interface PinnedRows extends AutoCloseable {
    /** Decides and commits it. */
    @FunctionalInterface
    interface Pinning {
        /** @param manager the execution of the step */
        PinnedRows pin(StepExecution manager) throws Exception;
    }

    /** Rows of all partitions. */
    long totalRows();

    @Override
    void close();
}
