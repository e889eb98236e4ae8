package io.modelbatch.step.rows;

import io.modelbatch.run.RunTrace;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.StepKit;
import org.slf4j.MDC;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/** Executes a partition as a part of its run, on whatever thread and machine: in the run's trace, and named in the log. */
final class ExecuteInRun {
    private ExecuteInRun() {}

    static void execute(Step step, StepExecution partition) throws JobInterruptedException {
        RunTrace.during(partition.getJobExecution(), () -> executeNamed(step, partition));
    }

    private static void executeNamed(Step step, StepExecution partition) throws JobInterruptedException {
        try (MDC.MDCCloseable run = MDC.putCloseable("run", StepKit.runName(partition));
                MDC.MDCCloseable name = MDC.putCloseable("step", PartitionName.step(partition));
                MDC.MDCCloseable number =
                        MDC.putCloseable("partition", String.valueOf(PartitionName.number(partition)))) {
            step.execute(partition);
        }
    }
}
