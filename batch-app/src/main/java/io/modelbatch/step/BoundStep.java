package io.modelbatch.step;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.Target;
import io.modelbatch.warehouse.Preview;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * A step and the factory of its type.
 *
 * @param <O> the options
 */
record BoundStep<O extends Record>(StepFactory<O> factory, JobStep<O> step) {
    /** The step as Spring Batch runs it, which tells the listener. */
    AbstractStep create(JobRepository repository, StepExecutionListener listener) {
        Step created = factory.create(step);
        AbstractStep listened =
                created instanceof AbstractStep own ? own : new DelegatingStep(step.name(), created, repository);
        if (!step.name().equals(listened.getName())) {
            throw new StepFailedException(
                    "The type '" + step.step().type() + "' makes a Spring Batch step with the name '"
                            + listened.getName() + "', where the job's step is '" + step.name()
                            + "'. The type must use JobStep.name() as the name of its step; fix the type in its jar");
        }
        listened.registerStepExecutionListener(listener);
        return listened;
    }

    List<Check> checks() {
        return factory.checks(step);
    }

    List<String> rowProblems(Preview.Rows rows) {
        return factory.rowProblems(step, rows);
    }

    List<Target> targets() {
        return factory.targets(step.options());
    }

    Set<String> fixed() {
        return factory.fixed();
    }

    Set<String> adjustable() {
        return factory.adjustable();
    }

    void verifyDelivered(StepExecution complete) {
        try {
            factory.verifyDelivered(step, complete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void removeLeftovers(JobExecution complete) {
        factory.removeLeftovers(step, complete);
    }
}
