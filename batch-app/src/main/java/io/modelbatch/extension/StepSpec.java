package io.modelbatch.extension;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A step of a job file.
 *
 * @param name unique in the job: 1 to 60 of a-z, 0-9 and -
 * @param type the key of its {@link StepType}
 * @param options of the class {@link StepType#options()}
 * @param line its line in the file, from 1
 * @param references the results of earlier steps that its options still refer to; none once they are replaced
 */
public record StepSpec(String name, String type, Record options, int line, Set<ResultReference> references) {
    /** Keeps its own copy. */
    public StepSpec {
        references = Set.copyOf(references);
    }

    /** A step whose options refer to no result of an earlier one. */
    public StepSpec(String name, String type, Record options, int line) {
        this(name, type, options, line, Set.of());
    }

    /** The last of some steps that has such options. */
    static Optional<StepSpec> last(List<StepSpec> steps, Class<? extends Record> type) {
        return steps.stream().filter(step -> type.isInstance(step.options())).reduce((first, later) -> later);
    }
}
