package io.modelbatch.inference;

import io.modelbatch.base.Explained;

/** A model does not answer: the message says what failed, and the way out. */
public class InferenceException extends RuntimeException implements Explained {
    /** With what to tell the user. */
    public InferenceException(String message) {
        super(message);
    }

    /** With what to tell the user, and the engine's own error. */
    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }
}
