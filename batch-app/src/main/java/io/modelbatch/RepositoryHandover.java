package io.modelbatch;

import io.modelbatch.artifact.DiskFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.h2.api.ErrorCode;

/**
 * H2's file changing hands: the process that served it to the others has ended, several open it at once, one becomes its server, and
 * the others are refused for a moment.
 */
final class RepositoryHandover {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Set<Integer> REFUSALS = Set.of(
            ErrorCode.ERROR_OPENING_DATABASE_1,
            ErrorCode.DATABASE_ALREADY_OPEN_1,
            ErrorCode.CONNECTION_BROKEN_1,
            ErrorCode.DATABASE_IS_CLOSED,
            ErrorCode.DATABASE_CALLED_AT_SHUTDOWN);

    private RepositoryHandover() {}

    /** Opens the job repository, and tries again while it changes hands. */
    static <T> T outlast(Supplier<T> opening) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return opening.get();
            } catch (RuntimeException e) {
                if (DiskFailure.of(e).isPresent() || !isUnderWay(e) || System.nanoTime() - end > 0) {
                    throw e;
                }
            }
        }
    }

    private static boolean isUnderWay(Throwable failure) {
        boolean refused = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                if (sql.getErrorCode() == ErrorCode.FILE_CORRUPTED_1) {
                    return false; // which time does not heal
                }
                refused |= REFUSALS.contains(sql.getErrorCode());
            }
        }
        return refused;
    }
}
