package io.modelbatch.bench;

/** What was asked for cannot be measured: the message says why. */
public final class BenchException extends RuntimeException {
    /** With what to tell the user. */
    public BenchException(String message) {
        super(message);
    }
}
