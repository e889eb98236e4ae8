package io.modelbatch.cli;

import com.google.common.base.Throwables;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RepositoryLostException;
import io.modelbatch.run.SqlFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;

/**
 * The reason why the job repository cannot be used.
 *
 * @param message names it without its secrets, the cause, and the way out
 * @param exit whether another attempt may help
 */
record RepositoryFailure(String message, ExitCode exit) {
    /** The failure of the job repository that an exception reports; empty when it is about something else. */
    static Optional<RepositoryFailure> of(Throwable failure, String repository) {
        Optional<RepositoryFailure> file = H2Failure.of(failure, repository);
        if (file.isPresent()) {
            return file;
        }
        if (Throwables.getCausalChain(failure).stream().anyMatch(RepositoryFailure::isWithoutHistory)) {
            return Optional.of(new RepositoryFailure(
                    "The job repository " + repository
                            + " has tables that Flyway did not make. If the scripts in sql/ were applied"
                            + " manually, set SPRING_FLYWAY_ENABLED=false; if the tables are another program's, name a database"
                            + " or schema of its own in spring.datasource.url.",
                    ExitCode.USAGE));
        }
        return SqlFailure.of(failure).map(sql -> of(failure, sql, repository));
    }

    private static boolean isWithoutHistory(Throwable cause) {
        return cause instanceof FlywayException flyway
                && flyway.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE;
    }

    private static RepositoryFailure of(Throwable failure, SqlFailure sql, String repository) {
        String happened = failure instanceof RepositoryLostException lost ? lost.getMessage() : "cannot be used";
        String reason = reason(sql.cause());
        return new RepositoryFailure(
                "The job repository " + repository + " " + happened + ": " + reason
                        + (reason.endsWith(".") ? " " : ". ") + sql.advice(),
                sql.mayPass() ? ExitCode.FAILED : ExitCode.USAGE);
    }

    /** The driver's words; where it could not connect, the network's too. */
    private static String reason(SQLException failure) {
        String words =
                String.valueOf(failure.getMessage()).strip().lines().findFirst().orElse("");
        return failure.getCause() instanceof IOException network
                ? words.replaceAll("[.]$", "") + " (" + network.getMessage() + ")"
                : words;
    }
}
