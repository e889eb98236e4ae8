package io.modelbatch.source;

/**
 * The session in which a partition was being read is no more, and with it the order of its rows: they can only be read again from
 * the beginning. What was made of them so far has to be given up.
 */
public final class SessionExpiredException extends RuntimeException {
    /** With the session's name, and the warehouse's own error. */
    public SessionExpiredException(String session, Throwable cause) {
        super("The read session " + session + " expired", cause);
    }
}
