package io.modelbatch.extension;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A step of a job file that is being read, for the validation by its type.
 *
 * @param step the step
 * @param options its options
 * @param earlier the steps before it, without those that have problems of their own
 * @param earlierTypes the types of all steps before it
 * @param parameters the names of the job's parameters
 * @param <O> the options
 */
public record StepDraft<O extends Record>(
        StepSpec step, O options, List<StepSpec> earlier, Set<String> earlierTypes, Set<String> parameters) {
    /** Keeps its own copies. */
    public StepDraft {
        earlier = List.copyOf(earlier);
        earlierTypes = Set.copyOf(earlierTypes);
        parameters = Set.copyOf(parameters);
    }

    /** The nearest step before this one that has such options. */
    public Optional<StepSpec> nearest(Class<? extends Record> type) {
        return StepSpec.last(earlier, type);
    }

    /** A problem of one of the options; of the step where its file lacks that key. */
    public StepProblem problem(String option, String message) {
        return new StepProblem(step, Optional.of(option), message);
    }

    /** A problem of the step as a whole. */
    public StepProblem problem(String message) {
        return new StepProblem(step, Optional.empty(), message);
    }
}
