package io.modelbatch.launch;

/** A jar with step types cannot be used. The message names it and the way out. */
public final class ExtensionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExtensionException(String message) {
        super(message);
    }
}
