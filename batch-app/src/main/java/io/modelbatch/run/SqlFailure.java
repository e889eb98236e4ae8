package io.modelbatch.run;

import com.google.common.base.Throwables;
import io.modelbatch.base.DiskFailure;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The meaning of a failure of the job repository's database, by its SQLSTATE.
 *
 * @param cause the message of the database or its driver
 */
public record SqlFailure(SQLException cause) {
    private static final String SERVER = "Check that its server is running and that spring.datasource.url is correct.";
    private static final String ACCOUNT =
            "Check spring.datasource.url, .username and .password, and the rights of this user.";
    private static final String URL = "Check spring.datasource.url. It must be jdbc:postgresql://HOST:PORT/DATABASE.";

    /** Connection, transaction rollback, insufficient resources, operator intervention, system error. */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "40", "53", "57", "58");

    /**
     * PostgreSQL's object_in_use, lock_not_available, read_only_sql_transaction, and the time limits of transactions; H2's lock timeout,
     * lost connection and closed database.
     */
    private static final Set<String> PASSING =
            Set.of("55006", "55P03", "25006", "25P03", "25P04", "HYT00", "90067", "90098", "90121");

    /**
     * The driver rejects the connection (TLS, or a kind of authentication); H2's URLs that it cannot read, databases that are not there,
     * and files that are damaged.
     */
    private static final Set<String> LASTING =
            Set.of("08004", "90011", "90013", "90030", "90046", "90066", "90088", "90113", "90149");

    private static final String DISK_FULL = "53100";

    private static final Map<String, String> ADVICE = Map.of(
            "25006",
            "Its server is read-only, as a standby is, or one whose disk is full. spring.datasource.url must name the primary.",
            DISK_FULL,
            "The disk of its server is full. Free some space there, then repeat the command.",
            "53300",
            "Its server has no connection left. Run fewer jobs and workers at a time, raise its max_connections, or let PgBouncer pool"
                    + " transactions: a run or a worker uses up to four.",
            "55P03",
            "The lock_timeout of its server ended a statement. Repeat the command; if that fails again, allow more.",
            "57014",
            "The statement_timeout of its server ended a statement. Repeat the command; if that fails again, allow more.",
            "57P03",
            "Its server is starting or shutting down. Repeat the command when it is up.");

    /** That of a failure; empty where it is not about a database. The innermost is the cause of the others, such as those of the pool. */
    public static Optional<SqlFailure> of(Throwable failure) {
        return Throwables.getCausalChain(failure).stream()
                .filter(SQLException.class::isInstance)
                .map(cause -> new SqlFailure((SQLException) cause))
                .reduce((outer, inner) -> inner);
    }

    /** True when another attempt may help. */
    public boolean mayPass() {
        String state = state();
        if (LASTING.contains(state) || isWithoutDriver()) {
            return false;
        }
        return PASSING.contains(state)
                || PASSING_CLASSES.stream().anyMatch(state::startsWith)
                || cause instanceof SQLTransientConnectionException
                || cause instanceof SQLNonTransientConnectionException
                || cause instanceof SQLRecoverableException
                || isClosed();
    }

    /** True when the disk of the database takes no more: that of PostgreSQL's server, or the one of H2's file. */
    public boolean isFullDisk() {
        return state().equals(DISK_FULL) || DiskFailure.of(cause).isPresent();
    }

    /** The way out. */
    public String advice() {
        if (isWithoutDriver() || state().equals("99999")) {
            return URL;
        }
        return ADVICE.getOrDefault(state(), mayPass() ? SERVER : ACCOUNT);
    }

    private String state() {
        return Optional.ofNullable(cause.getSQLState()).orElse("");
    }

    private boolean isWithoutDriver() {
        return String.valueOf(cause.getMessage()).startsWith("No suitable driver");
    }

    /** True for the pool's message about a connection that it gave up in the middle of a transaction. */
    private boolean isClosed() {
        return "Connection is closed".equals(cause.getMessage());
    }
}
