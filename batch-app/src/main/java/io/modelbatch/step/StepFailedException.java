package io.modelbatch.step;

import io.modelbatch.base.Explained;

/** A step cannot do its work with these data or this configuration: the message names what, why and the way out. */
public final class StepFailedException extends RuntimeException implements Explained {
    /** With what to tell the user. */
    public StepFailedException(String message) {
        super(message);
    }

    /** With what to tell the user, and what it comes from. */
    public StepFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
