package io.modelbatch.step.rows;

import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/** A step for each partition, and what they have in common in one process. */
public interface PartitionSteps extends AutoCloseable {
    /** Opens it. */
    @FunctionalInterface
    interface Opening {
        /** @param execution of the partitioned step, or of one of its partitions */
        PartitionSteps open(StepExecution execution) throws Exception;
    }

    /** The step that executes a partition. */
    Step step(StepExecution partition);

    /** Number of partitions that this process executes at a time, so that one computes while another reads or uploads. */
    default int atATime() {
        return 2;
    }

    @Override
    void close();
}
