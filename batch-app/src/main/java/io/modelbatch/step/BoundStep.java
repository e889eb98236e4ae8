package io.modelbatch.step;

import com.google.common.base.Throwables;
import io.modelbatch.base.SettingsException;
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
    private static final UnknownResults NOT_KNOWN = new UnknownResults(Set.of());

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

    /**
     * The checks before a run.
     *
     * @param foreseen values in its options that were references to results of earlier steps
     */
    List<Check> checks(Set<String> foreseen) {
        if (!step.waits() && foreseen.isEmpty()) {
            return call(() -> factory.checks(step));
        }
        List<Check> unknown = List.of(Check.of(step, "options", UnknownResults.probe()));
        UnknownResults results = new UnknownResults(foreseen);
        return results.or(unknown, () -> call(() -> factory.checks(step))).stream()
                .map(results::excepted)
                .toList();
    }

    List<String> rowProblems(Preview.Rows rows) {
        Supplier<List<String>> problems = () -> call(() -> factory.rowProblems(step, rows));
        return step.waits()
                ? NOT_KNOWN.or(List.<String>of(), problems).stream()
                        .filter(problem -> !NOT_KNOWN.areIn(problem))
                        .toList()
                : problems.get();
    }

    List<Target> targets() {
        Supplier<List<Target>> targets = () -> call(() -> factory.targets(step.options()));
        if (step.step().references().isEmpty()) {
            return targets.get();
        }
        return NOT_KNOWN
                .or(Optional.<List<Target>>empty(), () -> Optional.of(targets.get()))
                .filter(all -> all.stream().noneMatch(target -> NOT_KNOWN.areIn(target.name())))
                .orElseThrow(() -> new SettingsException("The step '" + step.name() + "' would write to what "
                        + step.step().references()
                        + " names, and that must be known when the run begins. Write a text or"
                        + " a parameter; the type '" + step.step().type()
                        + "' must name the option in knownAtStart()"));
    }

    Set<String> fixed() {
        return call(factory::fixed);
    }

    Set<String> adjustable() {
        return call(factory::adjustable);
    }

    /** Verifies the step before the first one of its run begins. A reference to a result that is not known yet waits for its own step. */
    void verifyReady() {
        try {
            factory.verifyReady(step);
        } catch (IOException e) {
            if (!NOT_KNOWN.areCauseOf(e)) {
                throw new UncheckedIOException(e);
            }
        } catch (RuntimeException e) {
            if (!NOT_KNOWN.areCauseOf(e)) {
                throw e;
            }
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
