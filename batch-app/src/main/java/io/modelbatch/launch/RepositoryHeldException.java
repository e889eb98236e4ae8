package io.modelbatch.launch;

import java.sql.SQLTransientConnectionException;

/** A process holds the file of the job repository, and does not answer. */
public final class RepositoryHeldException extends SQLTransientConnectionException {
    private static final String CONNECTION_FAILURE = "08006";

    /** With the process and the way out, in words. */
    public RepositoryHeldException(String message) {
        super(message, CONNECTION_FAILURE);
    }
}
