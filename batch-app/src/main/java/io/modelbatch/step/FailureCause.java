package io.modelbatch.step;

import io.modelbatch.artifact.DamagedObjectException;
import io.modelbatch.artifact.DiskFailure;
import io.modelbatch.artifact.ObjectExistsException;
import io.modelbatch.artifact.SettingsException;
import io.modelbatch.device.DeviceException;
import io.modelbatch.inference.InferenceException;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.source.WarehouseException;
import io.modelbatch.token.TokenizerException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecutionException;

/**
 * What went wrong in a run.
 *
 * @param message in words for its user
 * @param remedy what may help
 */
public record FailureCause(String message, Remedy remedy) {
    private static final List<Class<? extends RuntimeException>> EXPLAINED = List.of(
            StepFailedException.class,
            SettingsException.class,
            WarehouseException.class,
            ModelException.class,
            TokenizerException.class,
            InferenceException.class,
            DeviceException.class);

    /** By this parameter a message says that the run itself cannot go on: what it keeps would have to be other. */
    public static final String AGAIN = "again=true";

    /** By this parameter a message says that a change of the job file helps the run that there is. */
    public static final String ACCEPT_CHANGES = "accept-changes=true";

    /** True when the message names that parameter as a way out. */
    public boolean names(String parameter) {
        return message.contains(parameter);
    }

    /** What may help. */
    public enum Remedy {
        /** The same command, for the cause may pass: a full disk, a lost connection. */
        RETRY,
        /** Only other data, another model or another configuration. */
        CHANGE
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

    /** What the step of a failed partition says. */
    private static boolean isConsequence(Throwable failure) {
        return failure instanceof JobExecutionException;
    }

    private static Optional<FailureCause> explained(Throwable failure) {
        return causes(failure)
                .filter(cause ->
                        cause instanceof IOException || EXPLAINED.stream().anyMatch(type -> type.isInstance(cause)))
                .findFirst()
                .map(cause -> new FailureCause(words(cause), mayPass(cause) ? Remedy.RETRY : Remedy.CHANGE))
                .map(FailureCause::withoutRetry);
    }

    /** A message that names another way out than a retry is right. */
    private FailureCause withoutRetry() {
        return names(AGAIN) || names(ACCEPT_CHANGES) ? new FailureCause(message, Remedy.CHANGE) : this;
    }

    private static FailureCause unexplained(Throwable failure) {
        return new FailureCause(
                causes(failure)
                        .reduce((cause, deeper) -> deeper)
                        .orElse(failure)
                        .toString(),
                Remedy.RETRY);
    }

    private static String words(Throwable cause) {
        Optional<String> inTheWay = InTheWay.of(cause);
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

    private static boolean mayPass(Throwable failure) {
        return causes(failure).anyMatch(cause -> cause instanceof IOException && !isForAPerson(cause))
                || DiskFailure.of(failure).isPresent();
    }

    private static boolean isForAPerson(Throwable cause) {
        return cause instanceof NoSuchFileException
                || cause instanceof DamagedObjectException
                || cause instanceof AccessDeniedException
                || cause instanceof ObjectExistsException
                || InTheWay.of(cause).isPresent();
    }

    private static Stream<Throwable> causes(@Nullable Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .map(Throwable.class::cast);
    }
}
