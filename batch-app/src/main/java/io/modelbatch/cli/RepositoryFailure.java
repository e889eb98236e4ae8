package io.modelbatch.cli;

import io.modelbatch.launch.ExitCode;
import io.modelbatch.launch.RepositoryOutage;
import java.sql.SQLException;
import java.util.Optional;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;

/**
 * Why the job repository cannot be used.
 *
 * @param message names it without its secrets, the cause, and the way out
 * @param exit whether another attempt may help
 */
record RepositoryFailure(String message, ExitCode exit) {
    /** What a failure says of the job repository; empty when it is about something else. */
    static Optional<RepositoryFailure> of(Throwable failure, String repository) {
        Optional<RepositoryFailure> file = H2Failure.of(failure, repository);
        if (file.isPresent()) {
            return file;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isWithoutHistory(cause)) {
                return Optional.of(new RepositoryFailure(
                        "The job repository " + repository
                                + " has tables that Flyway did not make. If the scripts in sql/ were applied"
                                + " by hand, set SPRING_FLYWAY_ENABLED=false; if the tables are another program's, name a database"
                                + " or schema of its own in spring.datasource.url.",
                        ExitCode.USAGE));
            }
            if (cause instanceof SQLException sql) {
                return Optional.of(of(sql, repository));
            }
        }
        return Optional.empty();
    }

    private static boolean isWithoutHistory(Throwable cause) {
        return cause instanceof FlywayException flyway
                && flyway.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE;
    }

    private static RepositoryFailure of(SQLException failure, String repository) {
        String what = "The job repository " + repository + " cannot be used: " + failure.getMessage();
        return RepositoryOutage.is(failure)
                ? new RepositoryFailure(what + " Is its server up, and spring.datasource.url right?", ExitCode.FAILED)
                : new RepositoryFailure(
                        what + ". Are spring.datasource.url, .username and .password right, and may this user use it?",
                        ExitCode.USAGE);
    }
}
