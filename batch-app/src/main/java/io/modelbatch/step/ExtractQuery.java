package io.modelbatch.step;

import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.Extraction;
import java.util.Map;

/** The query of an {@code extract} step as the warehouse is asked for it. */
public final class ExtractQuery {
    private ExtractQuery() {}

    /** A query that is only checked. */
    public static Extraction previewed(JobStep<ExtractOptions> step, StepTypes types) {
        return of("check-" + step.job(), step, types, Map.of("job", step.job()));
    }

    /**
     * A query whose rows are to be pinned.
     *
     * @param id names the pinned rows; the same id never pins twice
     * @param labels of the jobs that pin them, to tell bills apart
     */
    public static Extraction of(String id, JobStep<ExtractOptions> step, StepTypes types, Map<String, String> labels) {
        ExtractOptions options = step.options();
        return new Extraction(
                id,
                options.query(),
                step.parameters(),
                options.key(),
                new RowDemands(types, step).uses(),
                options.partitions(),
                new Extraction.Billing(labels, options.maxBytes()));
    }
}
