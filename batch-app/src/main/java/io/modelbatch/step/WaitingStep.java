package io.modelbatch.step;

import java.util.function.Function;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * A step whose options, or those of a step before it, refer to results of earlier steps. It is made when it begins, and these are known.
 *
 * @param name its name
 * @param make makes it with the results of a run
 * @param repository the job repository
 * @param listener is told of the step
 */
record WaitingStep(
        String name, Function<JobInstance, Step> make, JobRepository repository, StepExecutionListener listener)
        implements Step {
    @Override
    public String getName() {
        return name;
    }

    @Override
    public void execute(StepExecution execution) throws JobInterruptedException {
        made(execution).execute(execution);
    }

    /** The step with its references replaced. A failure to make it fails the step, as if it had begun. */
    private Step made(StepExecution execution) {
        try {
            return make.apply(execution.getJobExecution().getJobInstance());
        } catch (RuntimeException e) {
            DelegatingStep failing = new DelegatingStep(
                    name,
                    begun -> {
                        throw e;
                    },
                    repository);
            failing.registerStepExecutionListener(listener);
            return failing;
        }
    }
}
