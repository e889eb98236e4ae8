package io.modelbatch.warehouse;

/**
 * The session in which rows of a partition were being read is gone, and with it their order: they can only be read again from the
 * first row of the session on. What was made of them so far has to be given up.
 */
public final class SessionExpiredException extends RuntimeException {
    private final long kept;

    /** With the session's name, and the warehouse's own error. Nothing of the partition can be kept. */
    public SessionExpiredException(String session, Throwable cause) {
        this("The read session " + session + " expired", cause, 0);
    }

    private SessionExpiredException(String message, Throwable cause, long kept) {
        super(message, cause);
        this.kept = kept;
    }

    /** The same, where the first rows of the partition were read in sessions before. */
    public SessionExpiredException keeping(long rows) {
        return new SessionExpiredException(String.valueOf(getMessage()), this, rows);
    }

    /** Rows of the partition before those of the session: reading continues there, in a position without a session. */
    public long kept() {
        return kept;
    }
}
