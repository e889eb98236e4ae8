package io.modelbatch.step;

import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.jobspec.StepSpec;
import java.util.Optional;

/** Finds the step whose output a step works on: the nearest one before it with the options in question. */
final class Earlier {
    private Earlier() {}

    /** Job files that lack such a step are refused when they are read. */
    static StepSpec step(JobSpec job, StepSpec from, Class<? extends Record> options) {
        return find(job, from, options)
                .orElseThrow(() -> new IllegalStateException(
                        "Step " + from.name() + " has no step with " + options.getSimpleName() + " before it"));
    }

    static Optional<StepSpec> find(JobSpec job, StepSpec from, Class<? extends Record> options) {
        return job.steps().subList(0, job.steps().indexOf(from)).stream()
                .filter(step -> options.isInstance(step.options()))
                .reduce((first, nearer) -> nearer);
    }
}
