package io.modelbatch.step;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * The name of a partition's step execution: {@code step:3}. The number is in the name, because the name is all that Spring Batch promises
 * to keep after a crash.
 */
public final class PartitionName {
    private PartitionName() {}

    /** Names the partitions by their numbers. */
    public static Partitioner byNumber() {
        return partitions -> {
            Map<String, ExecutionContext> contexts = new LinkedHashMap<>();
            for (int number = 0; number < partitions; number++) {
                contexts.put(Integer.toString(number), new ExecutionContext());
            }
            return contexts;
        };
    }

    /** The number of the partition that a worker's step execution is. */
    public static int number(StepExecution partition) {
        String name = partition.getStepName();
        return Integer.parseInt(name.substring(name.indexOf(':') + 1));
    }

    /** True for the name of a partition's step execution. */
    static boolean isPartition(String stepExecution) {
        return stepExecution.contains(":");
    }

    /** The step that a partition belongs to; a step that is none is itself. */
    public static String step(StepExecution execution) {
        return execution.getStepName().split(":", 2)[0];
    }
}
