package io.modelbatch.cli;

import io.modelbatch.launch.ExitCode;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Why the job repository cannot be used.
 *
 * @param message names it without its secrets, the cause, and the way out
 * @param exit whether another attempt may help
 */
record RepositoryFailure(String message, ExitCode exit) {
    /** What a failure says of the job repository; empty when it is about something else. */
    static Optional<RepositoryFailure> of(Throwable failure, String repository) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return Optional.of(of(sql, repository));
            }
        }
        return Optional.empty();
    }

    private static RepositoryFailure of(SQLException failure, String repository) {
        String what = "The job repository " + repository + " cannot be used: " + failure.getMessage();
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("08") || state.startsWith("57P")
                ? new RepositoryFailure(what + " Is its server up, and spring.datasource.url right?", ExitCode.FAILED)
                : new RepositoryFailure(
                        what + ". Are spring.datasource.url, .username and .password right, and may this user use it?",
                        ExitCode.USAGE);
    }
}
