package io.modelbatch.step;

import com.google.common.base.Throwables;
import io.modelbatch.base.DiskFailure;
import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.batch.core.job.JobExecutionException;

/**
 * The cause of a run's failure.
 *
 * @param message in words for its user
 * @param remedy the way out
 */
public record FailureCause(String message, Remedy remedy) {
    /** By this parameter a message says that the run itself cannot be resumed: what it keeps would have to change. */
    public static final String AGAIN = "again=true";

    /** By this parameter a message says that a change of the job file helps the run that there is. */
    public static final String ACCEPT_CHANGES = "accept-changes=true";

    /** True when the message names that parameter as a way out. */
    public boolean names(String parameter) {
        return message.contains(parameter);
    }

    /**
     * Of all that failed in a run, in whatever order, one that was written for its user, else one that is not the mere consequence of
     * another; empty when nothing failed.
     */
    public static Optional<FailureCause> of(List<Throwable> failures) {
        return failures.stream()
                .map(FailureCause::explained)
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> failures.stream()
                        .min(Comparator.comparing(FailureCause::isConsequence))
                        .map(FailureCause::unexplained));
    }

    /** True for the failure of a partitioned step, which only reports that of a partition. */
    private static boolean isConsequence(Throwable failure) {
        return failure instanceof JobExecutionException;
    }

    private static Optional<FailureCause> explained(Throwable failure) {
        return Throwables.getCausalChain(failure).stream()
                .filter(cause -> cause instanceof Explained || cause instanceof IOException)
                .findFirst()
                .map(cause -> new FailureCause(words(cause), remedy(failure, cause)))
                .map(FailureCause::withoutRetry);
    }

    /** A message that names another way out than a retry is right. */
    private FailureCause withoutRetry() {
        return names(AGAIN) || names(ACCEPT_CHANGES) ? new FailureCause(message, Remedy.CHANGE) : this;
    }

    private static FailureCause unexplained(Throwable failure) {
        return new FailureCause(Throwables.getRootCause(failure).toString(), Remedy.RETRY);
    }

    private static Remedy remedy(Throwable failure, Throwable explained) {
        if (DiskFailure.of(failure).isPresent()) {
            return Remedy.RETRY;
        }
        return explained instanceof Explained cause && cause.remedy().isPresent()
                ? cause.remedy().get()
                : Throwables.getCausalChain(failure).stream().anyMatch(FailureCause::mayPass)
                        ? Remedy.RETRY
                        : Remedy.CHANGE;
    }

    private static String words(Throwable cause) {
        Optional<String> inTheWay = PathConflict.of(cause);
        if (inTheWay.isPresent()) {
            return inTheWay.get();
        }
        if (cause instanceof NoSuchFileException missing && missing.getReason() == null) {
            return missing.getFile() + " is missing";
        }
        if (cause instanceof AccessDeniedException denied && denied.getReason() == null) {
            return denied.getFile() + " may not be read or written by this user";
        }
        return cause instanceof IOException && cause.getMessage() == null
                ? cause.toString()
                : String.valueOf(cause.getMessage());
    }

    private static boolean mayPass(Throwable cause) {
        return cause instanceof IOException
                && !(cause instanceof Explained explained && explained.remedy().isPresent())
                && !(cause instanceof NoSuchFileException)
                && !(cause instanceof AccessDeniedException)
                && PathConflict.of(cause).isEmpty();
    }
}
