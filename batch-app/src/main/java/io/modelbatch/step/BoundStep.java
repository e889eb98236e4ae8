package io.modelbatch.step;

import com.google.common.base.Throwables;
import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepTypeJar;
import io.modelbatch.extension.Target;
import io.modelbatch.warehouse.Preview;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
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
        Step created = call(() -> factory.create(step));
        AbstractStep listened =
                created instanceof AbstractStep own ? own : new DelegatingStep(step.name(), created, repository);
        if (!step.name().equals(listened.getName())) {
            throw new StepFailedException(
                    "The type '" + step.step().type() + "' makes a Spring Batch step with the name '"
                            + listened.getName() + "', where the job's step is '" + step.name()
                            + "'. The type must use JobStep.name() as the name of its step; fix the type in its jar");
        }
        jar().ifPresent(jar -> listened.registerStepExecutionListener(
                new NamesUnfitJar(step.step().type(), jar)));
        listened.registerStepExecutionListener(listener);
        return listened;
    }

    List<Check> checks() {
        return call(() -> factory.checks(step));
    }

    List<String> rowProblems(Preview.Rows rows) {
        return call(() -> factory.rowProblems(step, rows));
    }

    List<Target> targets() {
        return call(() -> factory.targets(step.options()));
    }

    Set<String> fixed() {
        return call(factory::fixed);
    }

    Set<String> adjustable() {
        return call(factory::adjustable);
    }

    void verifyReady() {
        try {
            factory.verifyReady(step);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void verifyDelivered(StepExecution complete) {
        try {
            factory.verifyDelivered(step, complete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A class is linked when it is first used, so that each call may show that its jar is built for another version. */
    private <T> T call(Supplier<T> method) {
        try {
            return method.get();
        } catch (LinkageError e) {
            throw jar().<RuntimeException>map(
                            jar -> new UnfitStepTypeException(step.step().type(), jar, e))
                    .orElseThrow(() -> e);
        }
    }

    private Optional<StepTypeJar> jar() {
        return StepTypeJar.of(factory.getClass());
    }

    /** The same while the step is executed: the failure with the name of the jar is that which is told. */
    private record NamesUnfitJar(String key, StepTypeJar jar) implements StepExecutionListener {
        @Override
        public @Nullable ExitStatus afterStep(StepExecution execution) {
            List.copyOf(execution.getFailureExceptions()).stream()
                    .flatMap(failure -> Throwables.getCausalChain(failure).stream())
                    .filter(LinkageError.class::isInstance)
                    .findFirst()
                    .ifPresent(e -> execution.addFailureException(new UnfitStepTypeException(key, jar, e)));
            return null;
        }
    }

    void removeLeftovers(JobExecution complete) {
        factory.removeLeftovers(step, complete);
    }
}
