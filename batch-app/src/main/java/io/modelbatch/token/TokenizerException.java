package io.modelbatch.token;

/** A tokenizer cannot be used: the message names the file, the cause, and the way out. */
public final class TokenizerException extends RuntimeException {
    /** With what to tell the user. */
    public TokenizerException(String message) {
        super(message);
    }

    /** With what to tell the user, and the error beneath. */
    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
