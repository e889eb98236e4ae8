package io.modelbatch.cli;

import com.google.common.base.Throwables;
import io.modelbatch.launch.RepositoryHeldException;
import io.modelbatch.run.ExitCode;
import java.sql.SQLException;
import java.util.Optional;
import org.h2.api.ErrorCode;

/** Failures of H2 that tell why the file of the job repository cannot be used. */
final class H2Failure {
    private H2Failure() {}

    /** The message for a failure of the file; empty when it is about something else. */
    static Optional<RepositoryFailure> of(Throwable failure, String repository) {
        return Throwables.getCausalChain(failure).stream()
                .filter(SQLException.class::isInstance)
                .flatMap(cause -> of((SQLException) cause, repository).stream())
                .findFirst();
    }

    private static Optional<RepositoryFailure> of(SQLException failure, String repository) {
        String away = "move it away (mv " + repository + " " + repository
                + "-old): runs then start from the beginning, and results stay";
        return switch (failure.getErrorCode()) {
            case ErrorCode.WRONG_USER_OR_PASSWORD ->
                refused(
                        "The password in " + repository + "/password does not belong to the job repository beside it."
                                + " Restore both from one backup. Without a backup, " + away + ".",
                        ExitCode.USAGE);
            case ErrorCode.FILE_CORRUPTED_1, ErrorCode.FILE_VERSION_ERROR_1 ->
                refused(
                        "The job repository " + repository + " is damaged: " + firstLine(failure)
                                + " Restore it from a backup. Without a backup, " + away + ".",
                        ExitCode.FAILED_FOR_GOOD);
            case ErrorCode.DATABASE_IS_READ_ONLY ->
                refused(
                        "The job repository " + repository
                                + " cannot be written. Its folder or file system is read-only;"
                                + " make it writable, and type the same command again.",
                        ExitCode.FAILED);
            default ->
                failure instanceof RepositoryHeldException
                        ? refused(
                                "The job repository " + repository + " cannot be used. " + failure.getMessage() + ".",
                                ExitCode.FAILED)
                        : Optional.empty();
        };
    }

    private static Optional<RepositoryFailure> refused(String message, ExitCode exit) {
        return Optional.of(new RepositoryFailure(message, exit));
    }

    private static String firstLine(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
