package io.modelbatch;

import com.google.common.base.Throwables;
import io.modelbatch.base.DiskFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
        List<Integer> codes = Throwables.getCausalChain(failure).stream()
                .filter(SQLException.class::isInstance)
                .map(cause -> ((SQLException) cause).getErrorCode())
                .toList();
        // A damaged file stays damaged.
        return !codes.contains(ErrorCode.FILE_CORRUPTED_1) && codes.stream().anyMatch(REFUSALS::contains);
    }
}
