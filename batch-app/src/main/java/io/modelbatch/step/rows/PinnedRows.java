package io.modelbatch.step.rows;

import org.springframework.batch.core.step.StepExecution;

/** The decision of a step's manager, which its partitions are executed from, and what is held open for them. */
public interface PinnedRows extends AutoCloseable {
    /** Decides and commits it. */
    @FunctionalInterface
    interface Pinning {
        /** @param manager the execution of the step */
        PinnedRows pin(StepExecution manager) throws Exception;
    }

    /** Rows of all partitions. */
    long totalRows();

    /** The needs of a process that executes a partition. */
    PartitionDemand demand();

    @Override
    void close();
}
