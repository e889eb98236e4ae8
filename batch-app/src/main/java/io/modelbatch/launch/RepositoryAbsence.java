package io.modelbatch.launch;

import com.google.common.base.Throwables;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Set;

/** Tells whoever waits with the run why the job repository does not answer. */
final class RepositoryAbsence {
    /** H2's lost connection and closed database. */
    private static final Set<String> ENDED = Set.of("90067", "90098", "90121");

    private RepositoryAbsence() {}

    static String words(Throwable failure) {
        String words = "the job repository does not answer";
        for (Throwable cause : Throwables.getCausalChain(failure)) {
            if (cause instanceof RepositoryHeldException) {
                return words + ". " + cause.getMessage();
            }
            if (cause instanceof SocketTimeoutException) {
                return words + "; the process that holds its file may be stopped, and status names it";
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null && ENDED.contains(sql.getSQLState())) {
                words = "the process that held the job repository's file has ended; this one opens it and continues";
            }
        }
        return words;
    }
}
