package io.modelbatch.model.tensor;

import io.modelbatch.base.Explained;
import io.modelbatch.base.PrintableText;

/** A model cannot be used: the message names the file, the cause, and the way out. Trying again does not help. */
public final class ModelException extends RuntimeException implements Explained {
    /** With what to tell the user. */
    public ModelException(String message) {
        super(PrintableText.message(message));
    }

    /** With what to tell the user, and the cause. */
    public ModelException(String message, Throwable cause) {
        super(PrintableText.message(message), cause);
    }
}
