package io.modelbatch.extension;

/** A row that cannot be transformed. It is set aside in the result's folder {@code rejects}; {@code rejects} limits how many may be. */
public final class RejectedRowException extends Exception {
    /** With the reason, as the end of a sentence about the row: {@code has no text}. */
    public RejectedRowException(String reason) {
        super(reason);
    }
}
