package io.modelbatch.run;

import io.modelbatch.telemetry.TraceParent;
import java.util.Optional;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** The trace of an execution of a run, kept in the execution's context, where those who execute its partitions find it. */
public final class RunTrace {
    private static final String KEY = "modelbatch.trace";

    private RunTrace() {}

    /** Keeps the parent of the spans of an execution. Its context is not written to the job repository here. */
    public static void keep(Optional<TraceParent> span, JobExecution execution) {
        ExecutionContext context = execution.getExecutionContext();
        context.remove(KEY); // that of the execution before
        span.ifPresent(parent -> context.putString(KEY, parent.text()));
    }

    /** Does work in the trace of an execution, or in none where its manager sends no traces. */
    public static <E extends Exception> void during(JobExecution execution, TraceParent.Work<E> work) throws E {
        String parent = execution.getExecutionContext().getString(KEY, "");
        if (parent.isEmpty()) {
            work.run();
        } else {
            new TraceParent(parent).during(work);
        }
    }
}
