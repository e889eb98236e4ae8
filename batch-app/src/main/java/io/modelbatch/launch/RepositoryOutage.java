package io.modelbatch.launch;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The job repository going away for a while. Whether the commit in hand took place is not guessed: when the database is back, the run
 * is resumed from what is there, as after a crash.
 */
public final class RepositoryOutage {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** PostgreSQL's admin_shutdown, crash_shutdown and cannot_connect_now; H2's lost connection and closed database. */
    private static final Set<String> STATES = Set.of("57P01", "57P02", "57P03", "90067", "90098", "90121");

    private final Lease lease;

    RepositoryOutage(Lease lease) {
        this.lease = lease;
    }

    /** Of the failures of a run, which stand in no order, one that is the database's absence. */
    static Optional<Throwable> among(List<Throwable> failures) {
        return failures.stream().filter(RepositoryOutage::is).findFirst();
    }

    /** Whether a failure is the database's absence. */
    public static boolean is(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException
                    || cause instanceof SQLNonTransientConnectionException
                    || cause instanceof SQLRecoverableException
                    || (cause instanceof SQLException sql && (isState(sql.getSQLState()) || isClosed(sql)))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns when the database is back and the run still ours.
     *
     * @throws IllegalStateException when it stays away
     */
    void await() {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                lease.verify();
                return;
            } catch (DataAccessException | TransactionException e) {
                if (System.nanoTime() - end > 0) {
                    throw new IllegalStateException(
                            "The job repository has not answered for " + LIMIT.toMinutes() + " minutes", e);
                }
                Lease.pause();
            }
        }
    }

    /** What the pool says of a connection that it gave up in the middle of a transaction. */
    private static boolean isClosed(SQLException failure) {
        return "Connection is closed".equals(failure.getMessage());
    }

    private static boolean isState(@Nullable String state) {
        return state != null && (state.startsWith("08") || STATES.contains(state));
    }
}
