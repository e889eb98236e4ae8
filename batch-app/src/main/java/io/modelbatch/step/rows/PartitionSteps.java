package io.modelbatch.step.rows;

import io.modelbatch.step.BlockSize;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/** A step for each partition, and what they have in common in one process. */
public interface PartitionSteps extends AutoCloseable {
    /** Of two blocks, one written while the next is computed: their texts, up to twice as much for tokens, and the answers. */
    long MEMORY_OF_A_PARTITION = 2 * 4 * BlockSize.MAX_TEXT_BYTES;

    /** Opens it. */
    @FunctionalInterface
    interface Opening {
        /** @param execution of the partitioned step, or of one of its partitions */
        PartitionSteps open(StepExecution execution) throws Exception;
    }

    /** The step that executes a partition. */
    Step step(StepExecution partition);

    /** Number of partitions that this process executes at a time. */
    default int atATime() {
        return atATime(1);
    }

    /**
     * Number of partitions that keep so many devices at work: two for each, so that one computes while the other reads or uploads, as far as
     * memory has room for their blocks.
     */
    static int atATime(int devices) {
        long room = Runtime.getRuntime().maxMemory() / MEMORY_OF_A_PARTITION;
        return (int) Math.max(2, Math.min(2L * devices, room));
    }

    @Override
    void close();
}
