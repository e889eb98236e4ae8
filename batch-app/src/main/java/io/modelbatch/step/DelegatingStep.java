package io.modelbatch.step;

import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * A step of any class, with what {@code AbstractStep} adds: its state is kept in the job repository, listeners are told, and an exception
 * fails it.
 */
final class DelegatingStep extends AbstractStep {
    private final Step step;

    DelegatingStep(String name, Step step, JobRepository repository) {
        super(repository);
        this.step = step;
        setName(name);
        setAllowStartIfComplete(step.isAllowStartIfComplete());
        setStartLimit(step.getStartLimit());
    }

    @Override
    protected void doExecute(StepExecution execution) throws Exception {
        step.execute(execution);
    }
}
