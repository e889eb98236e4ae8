package io.modelbatch;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/**
 * H2's file changing hands: the process that served it to the others has ended, several open it at once, one becomes its server, and
 * the others are refused for a moment.
 */
final class RepositoryHandover {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** ERROR_OPENING_DATABASE_1, DATABASE_ALREADY_OPEN_1, CONNECTION_BROKEN_1, DATABASE_IS_CLOSED, DATABASE_CALLED_AT_SHUTDOWN. */
    private static final Set<Integer> REFUSALS = Set.of(8000, 90020, 90067, 90098, 90121);

    private RepositoryHandover() {}

    /** Opens the job repository, and tries again while it changes hands. */
    static <T> T outlast(Supplier<T> opening) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return opening.get();
            } catch (RuntimeException e) {
                if (!isUnderWay(e) || System.nanoTime() - end > 0) {
                    throw e;
                }
            }
        }
    }

    private static boolean isUnderWay(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && REFUSALS.contains(sql.getErrorCode())) {
                return true;
            }
        }
        return false;
    }
}
