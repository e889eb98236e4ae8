package io.modelbatch.cli;

/** The command line cannot mean anything: the message says what is wrong and what can be typed. */
public final class UsageException extends RuntimeException {
    /** With what is wrong and what can be typed. */
    public UsageException(String message) {
        super(message);
    }
}
