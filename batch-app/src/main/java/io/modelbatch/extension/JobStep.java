package io.modelbatch.extension;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step of a job, with the values of the job's parameters.
 *
 * @param job the job's name
 * @param parameters the values by name, in the order of the file: {@code String}, {@code Long}, {@code Double}, {@code Boolean} or
 *     {@code LocalDate}
 * @param steps all steps of the job, in their order
 * @param step this step
 * @param options its options, with all parameters replaced
 * @param <O> the options
 */
public record JobStep<O extends Record>(
        String job, Map<String, Object> parameters, List<StepSpec> steps, StepSpec step, O options) {
    /** Keeps its own copies. */
    public JobStep {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        steps = List.copyOf(steps);
    }

    /** The step's name. */
    public String name() {
        return step.name();
    }

    /** True if this step, or one before it, refers to results of earlier steps that are not known yet. */
    public boolean waits() {
        return steps.subList(0, steps.indexOf(step) + 1).stream()
                .anyMatch(earlier -> !earlier.references().isEmpty());
    }

    /** Another step of the job. */
    public JobStep<?> of(StepSpec other) {
        return of(other, Record.class);
    }

    /** Another step of the job, or this one, whose options are of that class. */
    public <P extends Record> JobStep<P> of(StepSpec other, Class<P> type) {
        return new JobStep<>(job, parameters, steps, other, type.cast(other.options()));
    }

    /** The nearest step before this one that has such options. */
    public Optional<StepSpec> findBefore(Class<? extends Record> type) {
        return findBefore(step, type);
    }

    /** The nearest step before another one of the job that has such options. */
    public Optional<StepSpec> findBefore(StepSpec later, Class<? extends Record> type) {
        return StepSpec.last(steps.subList(0, steps.indexOf(later)), type);
    }

    /** The nearest step before this one that has such options. Its type must {@linkplain StepType#needs() need} it. */
    public StepSpec before(Class<? extends Record> type) {
        return before(step, type);
    }

    /** The nearest step before another one of the job that has such options. The other's type must need it. */
    public StepSpec before(StepSpec later, Class<? extends Record> type) {
        return findBefore(later, type)
                .orElseThrow(() -> new IllegalStateException(
                        "Step " + later.name() + " has no step with " + type.getSimpleName() + " before it"));
    }
}
