package io.modelbatch.token;

import io.modelbatch.base.Explained;
import io.modelbatch.base.PrintableText;

/** A tokenizer cannot be used: the message names the file, the cause, and the way out. */
public final class TokenizerException extends RuntimeException implements Explained {
    /** With what to tell the user. */
    public TokenizerException(String message) {
        super(PrintableText.message(message));
    }

    /** With what to tell the user, and the cause. */
    public TokenizerException(String message, Throwable cause) {
        super(PrintableText.message(message), cause);
    }
}
