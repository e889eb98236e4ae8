package io.modelbatch.run;

import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.RunLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * An outage of the job repository. The outcome of the current commit is not guessed: when the database is back, the run
 * is resumed from what is there, as after a crash. An outage that returns each time before anything is committed ends the run.
 */
public final class RepositoryOutage {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int MOST_IN_VAIN = 5;

    private final RunLease lease;
    private final LongSupplier commits;
    private long committed = -1;
    private int inVain;

    /**
     * The outages of a run.
     *
     * @param lease that of the run
     * @param commits the number of commits of the run so far
     */
    public RepositoryOutage(RunLease lease, LongSupplier commits) {
        this.lease = lease;
        this.commits = commits;
    }

    /** Of the failures of a run, which stand in no order, one that is the database's absence. */
    public static Optional<Throwable> among(List<Throwable> failures) {
        return failures.stream().filter(RepositoryOutage::is).findFirst();
    }

    /** True when a failure is an outage of the database, which may pass. A full disk does not pass by itself. */
    public static boolean is(Throwable failure) {
        return SqlFailure.of(failure)
                .filter(SqlFailure::mayPass)
                .filter(sql -> !sql.isFullDisk())
                .isPresent();
    }

    /**
     * Returns when the database is back and the run still ours.
     *
     * @throws RepositoryLostException when it stays away, or fails again and again before anything is committed
     */
    public void await(RuntimeException failure) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                lease.verify();
                count(commits.getAsLong(), failure);
                return;
            } catch (DataAccessException | TransactionException e) {
                if (!is(e)) {
                    throw e;
                }
                if (System.nanoTime() - end > 0) {
                    throw new RepositoryLostException("has not answered for " + LIMIT.toMinutes() + " minutes", e);
                }
                Claims.pause();
            }
        }
    }

    private void count(long commitsNow, RuntimeException failure) {
        inVain = commitsNow == committed ? inVain + 1 : 1;
        committed = commitsNow;
        if (inVain == MOST_IN_VAIN) {
            throw new RepositoryLostException(
                    "failed " + MOST_IN_VAIN + " times in a row, each time before the run could commit anything",
                    failure);
        }
    }
}
