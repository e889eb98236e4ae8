package io.modelbatch.extension;

import java.util.List;
import java.util.Optional;

/**
 * A step of a job file.
 *
 * @param name unique in the job: 1 to 60 of a-z, 0-9 and -
 * @param type the key of its {@link StepType}
 * @param options of the class {@link StepType#options()}
 * @param line its line in the file, from 1
 */
public record StepSpec(String name, String type, Record options, int line) {
    /** The last of some steps that has such options. */
    static Optional<StepSpec> last(List<StepSpec> steps, Class<? extends Record> type) {
        return steps.stream().filter(step -> type.isInstance(step.options())).reduce((first, later) -> later);
    }
}
