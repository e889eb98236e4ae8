package io.modelbatch.step;

import java.util.Comparator;
import java.util.Optional;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * What earlier executions of a step kept in their contexts. Spring Batch hands on the context of the last one, but in another
 * transaction than the one that creates the new execution: after a crash between the two, the last context is empty.
 */
record StepMemory(JobRepository repository) {
    /** The newest context of this step and run that has the key. */
    Optional<ExecutionContext> newest(StepExecution step, String key) {
        if (step.getExecutionContext().containsKey(key)) {
            return Optional.of(step.getExecutionContext());
        }
        return newest(step.getJobExecution().getJobInstance(), step.getStepName(), key);
    }

    /** The newest context of a step of a run that has the key. */
    Optional<ExecutionContext> newest(JobInstance instance, String step, String key) {
        return repository.getJobExecutions(instance).stream()
                .flatMap(execution -> execution.getStepExecutions().stream())
                .filter(earlier -> earlier.getStepName().equals(step))
                .sorted(Comparator.comparingLong(StepExecution::getId).reversed())
                .map(StepExecution::getExecutionContext)
                .filter(context -> context.containsKey(key))
                .findFirst();
    }
}
