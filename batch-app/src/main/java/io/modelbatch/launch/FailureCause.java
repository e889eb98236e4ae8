package io.modelbatch.launch;

import io.modelbatch.model.ModelException;
import io.modelbatch.source.WarehouseException;
import io.modelbatch.step.StepFailedException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.batch.core.job.JobExecution;

/** What went wrong in a run, in words for its user, and whether the same command may succeed. */
record FailureCause(String message, ExitCode exit) {
    static Optional<FailureCause> of(JobExecution execution) {
        List<Throwable> failures = execution.getAllFailureExceptions();
        return failures.stream()
                .map(FailureCause::explained)
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> failures.stream().findFirst().map(FailureCause::unexplained));
    }

    /** The outermost exception that was written for a user. */
    private static Optional<FailureCause> explained(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ModelException
                    || cause instanceof WarehouseException
                    || cause instanceof StepFailedException) {
                ExitCode exit = isTransient(cause) ? ExitCode.FAILED : ExitCode.FAILED_FOR_GOOD;
                return Optional.of(new FailureCause(String.valueOf(cause.getMessage()), exit));
            }
            if (cause instanceof IOException) {
                return Optional.of(new FailureCause(cause.toString(), ExitCode.FAILED));
            }
        }
        return Optional.empty();
    }

    private static FailureCause unexplained(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new FailureCause(root.toString(), ExitCode.FAILED);
    }

    /** A full disk, a lost connection: what another attempt may not meet. */
    private static boolean isTransient(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof IOException || message.contains("no space left")) {
                return true;
            }
        }
        return false;
    }
}
