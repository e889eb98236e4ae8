package io.modelbatch.launch;

/** What an operator asked for would be unsafe or has no meaning: the message says why. */
public final class RunRefusedException extends RuntimeException {
    RunRefusedException(String message) {
        super(message);
    }
}
