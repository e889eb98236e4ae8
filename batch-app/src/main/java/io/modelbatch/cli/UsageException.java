package io.modelbatch.cli;

/** The command line cannot mean anything: the message says what is wrong and what can be typed. */
final class UsageException extends RuntimeException {
    UsageException(String message) {
        super(message);
    }
}
